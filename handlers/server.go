// Package handlers is Melek's HTTP side, the only room that knows Fiber. A handler reads the
// request, asks courses and answers; a rule about learning found here belongs there. Pages are HTML
// from the server and work without script.
package handlers

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/go-playground/validator/v10"
	"github.com/gofiber/fiber/v2"

	"melek/courses"
	"melek/courses/access"
	"melek/courses/bench"
	"melek/courses/content"
	"melek/courses/ledger"
	"melek/courses/people"
	"melek/courses/privacy"
	"melek/courses/reports"
	"melek/courses/store"
	"melek/locales"
	"melek/static"
)

// Setup is what the HTTP side works with.
type Setup struct {
	Store   store.Store
	Ledger  *ledger.Ledger
	Catalog *content.Catalog
	Door    *access.Door
	Desk    *reports.Desk
	Clerk   *privacy.Clerk
	// Archive freezes reports and keeps them.
	Archive *reports.Archive
	// Reviewer works out what the pages of items show; Next is called in the background by whoever serves.
	Reviewer *reports.Reviewer
	Region   *people.Region
	Zone     *time.Location
	Now      func() time.Time
	BaseURL  string // public address without a slash at the end
	MinCell  int
	// RetentionAfter is how long after a post-test the retention test opens; 0 is path.RetentionAfter.
	RetentionAfter time.Duration
	Version        string
	// Simulated marks every page and export: nothing here is real.
	Simulated bool
	Accounts  []DemoAccount // shown at sign-in; of a simulation only
	// Observe is told of each answer; nil where nobody asks.
	Observe Observer
	// Federation is the office's identity provider; the zero one is none.
	Federation Federation
	// TrustedProxies are the addresses whose X-Forwarded headers are believed.
	TrustedProxies []string
	Rates          Rates
}

// Observer is told of each answer: the route is the pattern that met the request. It is called by many
// at once.
type Observer func(method, route string, status int, took time.Duration)

// DemoAccount is a ready account of a simulation.
type DemoAccount struct {
	Role   people.Role
	Name   string
	ID     string
	Secret string
}

// Limits of one request.
const (
	bodyLimit      = 8 << 20
	headerLimit    = 16 << 10
	answerBuffer   = 16 << 10 // a lesson and its headers go out in one piece
	readTimeout    = 60 * time.Second
	writeTimeout   = 60 * time.Second
	idleTimeout    = 2 * time.Minute
	answerDeadline = 30 * time.Second
)

type server struct {
	Setup
	book       *locales.Book
	assets     *static.Files
	pages      pageSet
	rules      map[string]rule
	checker    *validator.Validate
	sessions   *sessionCache
	limits     *limits
	ready      *readyPages
	students   *students
	bench      *bench.Bench
	federation federation
	proxies    proxies
	informed   *informed
	// noticeDigest names the notice of how data are processed as it reads now.
	noticeDigest string
	shown        map[string]bool // the patterns of pages that are there to be looked at
}

// New makes the program's HTTP side. An error means that what is compiled in is broken.
func New(setup Setup) (*fiber.App, error) {
	setup.Rates = setup.Rates.orDefault()
	s := &server{Setup: setup,
		sessions: newSessionCache(setup.Now), limits: newLimits(setup.Now),
		ready: newReadyPages(), students: newStudents(),
		bench:    bench.New(setup.Store, setup.Catalog, setup.Now),
		informed: newInformed(), federation: federation{Federation: setup.Federation},
		proxies: readProxies(setup.TrustedProxies), shown: map[string]bool{}}
	if err := s.load(); err != nil {
		return nil, fmt.Errorf("handlers: %w", err)
	}
	app := fiber.New(fiber.Config{
		AppName: "melek", DisableStartupMessage: true, Immutable: true, UnescapePath: true,
		BodyLimit: bodyLimit, ReadBufferSize: headerLimit, WriteBufferSize: answerBuffer,
		ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		EnableTrustedProxyCheck: true, TrustedProxies: setup.TrustedProxies, EnableIPValidation: true,
		ProxyHeader: fiber.HeaderXForwardedFor, ErrorHandler: s.answerStray,
	})
	app.Use(s.guard)
	s.register(app)
	return app, nil
}

// load reads what is compiled in, on several processors, for a start waits for it.
func (s *server) load() error {
	var work sync.WaitGroup
	var errs [3]error
	work.Go(func() { s.book, errs[0] = locales.Load(s.Zone) })
	work.Go(func() { s.assets, errs[1] = static.Load() })
	work.Go(func() { s.pages, errs[2] = parsePages() })
	work.Wait()
	if err := errors.Join(errs[:]...); err != nil {
		return err
	}
	s.noticeDigest = s.digestNotice()
	s.rules = s.formRules()
	var err error
	s.checker, err = newChecker(s.rules)
	return err
}

// route is one way in: whoever may do its act may come.
type route struct {
	method string
	path   string
	act    people.Act
	handle fiber.Handler
}

// register puts the routes up: pages below each language, the rest as they are.
func (s *server) register(app *fiber.App) {
	put := func(r route, handlers ...fiber.Handler) {
		app.Add(r.method, r.path, handlers...)
		if r.method == fiber.MethodGet {
			app.Add(fiber.MethodHead, r.path, handlers...)
		}
	}
	add := func(r route) { put(r, s.admit(r.act), r.handle) }
	for _, r := range s.assetRoutes() {
		put(r, r.handle)
	}
	for _, r := range s.plainRoutes() {
		add(r)
	}
	for _, lang := range courses.Langs {
		for _, r := range s.pageRoutes() {
			r.path = "/" + string(lang) + r.path
			s.shown[r.path] = s.shown[r.path] || r.method == fiber.MethodGet
			add(r)
		}
	}
	app.Use(s.admit(people.Look), func(*fiber.Ctx) error {
		return courses.Problemf(courses.NotFound, "page.unknown")
	})
}

// assetRoutes are what pages are made of, and what machines ask: the same for all, so that nobody is looked
// up and nothing counted.
func (s *server) assetRoutes() []route {
	return []route{
		{fiber.MethodGet, "/static/*", people.Look, s.sendAsset},
		{fiber.MethodGet, "/pictures/:course/:digest/:name", people.Look, s.sendPicture},
		{fiber.MethodGet, "/healthz", people.Look, s.showAlive},
		{fiber.MethodGet, "/readyz", people.Look, s.showReady},
	}
}

// plainRoutes are those that are the same in every language.
func (s *server) plainRoutes() []route {
	own := []route{{fiber.MethodGet, "/", people.Look, s.chooseLanguage}}
	return slices.Concat(own, s.federationRoutes(), s.recordRoutes(), s.reportRoutes())
}

// pageRoutes are the pages, each found in both languages.
func (s *server) pageRoutes() []route {
	return slices.Concat(s.doorRoutes(), s.hallRoutes(), s.ownRoutes(), s.federationPages(), s.displayRoutes(),
		s.inform(s.learnRoutes()), s.privacyRoutes(), s.officeRoutes(),
		s.workshopRoutes(), s.authorRoutes())
}
