package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"melek/courses/access"
	"melek/courses/store"
)

// stormPIN is the PIN of everybody who signs in here.
const stormPIN = "294857"

// giveEverybodyAPIN seals one PIN and keeps it for all: sealing takes as long as signing in.
func (k *bench) giveEverybodyAPIN(b *testing.B) {
	b.Helper()
	ctx := context.Background()
	first, err := k.store.Person(ctx, "P0")
	must(b, err)
	_, err = k.setup.Door.ChoosePIN(ctx, first, stormPIN, "")
	must(b, err)
	sealed, err := k.store.Credential(ctx, "P0")
	must(b, err)
	entry, err := k.setup.Door.MakeToken(ctx, first, access.Grant{Label: "bench"}) // choosing a PIN ended the last
	must(b, err)
	k.tokens[0] = entry.Token
	for i := range k.tokens {
		must(b, k.store.ChangeCredential(ctx, fmt.Sprintf("P%d", i), func(c *store.Credential) error {
			c.PIN = sealed.PIN
			return nil
		}))
	}
}

// signIn posts the sign-in form of a participant and returns how long the answer took.
func (k *bench) signIn(b *testing.B, client *fasthttp.Client, i int) time.Duration {
	request, response := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(request)
	defer fasthttp.ReleaseResponse(response)
	request.SetRequestURI(k.address + "/id/sign-in")
	request.Header.SetMethod(fiber.MethodPost)
	request.Header.SetContentType(fiber.MIMEApplicationForm)
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	request.SetBodyString(url.Values{"name": {fmt.Sprintf("P%d", i)}, "secret": {stormPIN}}.Encode())
	begun := time.Now()
	if err := client.Do(request, response); err != nil || response.StatusCode() != fiber.StatusSeeOther {
		b.Errorf("sign-in %d: status %d, %v", i, response.StatusCode(), err)
	}
	return time.Since(begun)
}

// BenchmarkSignIn signs in as fast as it goes, from 8 browsers at once.
func BenchmarkSignIn(b *testing.B) {
	k := newBench(b, 200)
	k.giveEverybodyAPIN(b)
	client := &fasthttp.Client{MaxConnsPerHost: 16}
	const each = 100
	for b.Loop() {
		begun := time.Now()
		var wg sync.WaitGroup
		for c := range 8 {
			wg.Go(func() {
				for i := c; i < each; i += 8 {
					k.signIn(b, client, i)
				}
			})
		}
		wg.Wait()
		b.ReportMetric(each/time.Since(begun).Seconds(), "sign-ins/s")
	}
}

// BenchmarkLessonInAStorm reads lessons at a steady pace for a minute in which 200 people sign in, at any
// moment or all at its start, against a minute that is quiet. It reports the p99 of lessons as a ratio. Moments
// are drawn by chance: who signs in every 300 ms does so just when every sixth lesson is asked for.
func BenchmarkLessonInAStorm(b *testing.B) {
	k := newBench(b, 200)
	k.giveEverybodyAPIN(b)
	course := k.catalog.Courses()[0]
	k.open(b, course)
	lesson := fmt.Sprintf("%s/id/courses/%s/modules/%s", k.address, course.ID, course.Modules[0].ID)
	moments := rand.New(rand.NewPCG(1, 1))
	for b.Loop() {
		quiet := k.pacedLessons(b, lesson, nil)
		spread := k.pacedLessons(b, lesson, func(int) time.Duration {
			return time.Duration(moments.Int64N(int64(stormLength)))
		})
		atOnce := k.pacedLessons(b, lesson, func(int) time.Duration { return 0 })
		b.ReportMetric(float64(quiet.Microseconds())/1000, "quiet-p99-ms")
		b.ReportMetric(float64(spread)/float64(quiet), "spread/quiet")
		b.ReportMetric(float64(atOnce)/float64(quiet), "at-once/quiet")
	}
}

// stormLength is how long lessons are read; within it everybody signs in.
const stormLength = time.Minute

// pacedLessons reads 20 lessons a second, while people sign in at the times given, and returns their p99.
func (k *bench) pacedLessons(b *testing.B, lesson string, at func(i int) time.Duration) time.Duration {
	b.Helper()
	client := &fasthttp.Client{MaxConnsPerHost: 512}
	defer client.CloseIdleConnections()
	begun := time.Now()
	var wg sync.WaitGroup
	if at != nil {
		for i := range 200 {
			moment := at(i)
			wg.Go(func() {
				time.Sleep(moment)
				k.signIn(b, client, i)
			})
		}
	}
	var mu sync.Mutex
	var took []time.Duration
	for n := 0; time.Since(begun) < stormLength; n++ {
		time.Sleep(time.Until(begun.Add(time.Duration(n) * 50 * time.Millisecond)))
		wg.Go(func() {
			one := k.readLesson(b, client, lesson, n)
			mu.Lock()
			defer mu.Unlock()
			took = append(took, one)
		})
	}
	wg.Wait()
	slices.Sort(took)
	return took[len(took)*99/100]
}

func (k *bench) readLesson(b *testing.B, client *fasthttp.Client, lesson string, n int) time.Duration {
	request, response := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(request)
	defer fasthttp.ReleaseResponse(response)
	request.SetRequestURI(lesson)
	request.Header.Set("Accept-Encoding", "gzip")
	request.Header.Set("Authorization", "Bearer "+k.tokens[n%len(k.tokens)])
	begun := time.Now()
	if err := client.Do(request, response); err != nil || response.StatusCode() != fiber.StatusOK {
		b.Errorf("lesson %d: status %d, %v", n, response.StatusCode(), err)
	}
	return time.Since(begun)
}
