package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// ask sends a GET and returns the status and the body.
func ask(t *testing.T, url, token string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

// dial opens a connection to the running program.
func (r *running) dial() net.Conn {
	r.t.Helper()
	conn, err := net.Dial("tcp", strings.Replace(strings.TrimPrefix(r.address, "http://"), "localhost", "127.0.0.1", 1))
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func TestServeIsTheDefault(t *testing.T) {
	r := newDesk(t).start()
	if status, _ := ask(t, r.address+"/healthz", ""); status != http.StatusOK {
		t.Errorf("healthz answers %d", status)
	}
	if o := r.stop(); o.status != done {
		t.Errorf("stopped with %d\n%s", o.status, o.err)
	}
}

// TestAStopThatComesAtOnceIsHeard stops the program when it has said where it is, before or after it has begun to
// answer.
func TestAStopThatComesAtOnceIsHeard(t *testing.T) {
	d := newDesk(t)
	for range 10 {
		if o := d.start("serve").stop(); o.status != done {
			t.Fatalf("stopped with %d\n%s", o.status, o.err)
		}
	}
}

func TestMetricsHaveAListenerOfTheirOwn(t *testing.T) {
	r := newDesk(t, "MELEK_METRICS=127.0.0.1:0").start("serve")
	for range 3 {
		ask(t, r.address+"/id/courses/nothing", "")
	}
	if status, _ := ask(t, r.address+"/metrics", ""); status != http.StatusNotFound {
		t.Errorf("the public address answers /metrics with %d, want 404", status)
	}
	found := regexp.MustCompile(`"msg":"metrics","address":"([^"]+)"`).FindStringSubmatch(r.stderr.String())
	if found == nil {
		t.Fatalf("the log does not say where the metrics are:\n%s", r.stderr)
	}
	status, body := ask(t, "http://"+found[1]+"/metrics", "")
	want := `melek_http_answers_total{method="GET",route="/id/courses/:course",status="303"} 3`
	if status != http.StatusOK || !strings.Contains(body, want) {
		t.Errorf("metrics answer %d without %s:\n%s", status, want, body)
	}
	r.stop()
}

func TestRequestsInFlightAreAnswered(t *testing.T) {
	r := newDesk(t).start("serve")
	idle := r.dial() // holds nothing up
	conn := r.dial()
	body := "[]"
	fmt.Fprintf(conn, "POST /api/v1/records HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		len(body), body[:1])
	if status, _ := ask(t, r.address+"/healthz", ""); status != http.StatusOK { // so that the other is being read
		t.Fatalf("healthz answers %d", status)
	}
	if err := r.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for !strings.Contains(r.stderr.String(), "stopping") { // it has heard
		if _, err := r.cmd.Process.Wait, r.cmd.ProcessState; err != nil {
			break
		}
	}
	fmt.Fprint(conn, body[1:])
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("no answer: %v\n%s", err, r.stderr)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusUnauthorized {
		t.Errorf("answered %s", answer.Status)
	}
	_ = idle.Close()
	if status := r.status(r.cmd.Wait()); status != done {
		t.Errorf("stopped with %d\n%s", status, r.stderr)
	}
}

func TestAPortInUseIsSaid(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	port := fmt.Sprint(taken.Addr().(*net.TCPAddr).Port)
	for _, command := range []string{"serve", "demo"} {
		o := newDesk(t).run(command, "--port", port)
		if o.status != failed || !strings.Contains(o.err, "port "+port+" is in use") || strings.Count(o.err, "\n") != 1 {
			t.Errorf("%s: %d %q", command, o.status, o.err)
		}
	}
}

var setupLink = regexp.MustCompile(`http://\S+/id/setup\?key=[A-Za-z0-9_-]{32}`)

func TestTheFirstAdministratorIsOffered(t *testing.T) {
	d := newDesk(t)
	r := d.start("serve")
	r.until("There is no administrator yet")
	link := r.until("http://")
	if !setupLink.MatchString(link) {
		t.Errorf("the link is %q", link)
	}
	if status, body := ask(t, link, ""); status != http.StatusOK || !strings.Contains(body, "<form") {
		t.Errorf("the link answers %d", status)
	}
	if status, _ := ask(t, link+"x", ""); status == http.StatusOK {
		t.Error("another key opens too")
	}
	r.stop()
	d.must("admin", "create", "--id", "admin", "--name", "Dewi Telaga")
	r = d.start("serve")
	if o := r.stop(); strings.Contains(o.out, "/setup") {
		t.Errorf("offered again:\n%s", o.out)
	}
}

func TestAdmin(t *testing.T) {
	d := newDesk(t)
	code := regexp.MustCompile(`number admin\ncode   ([A-Z2-9]{5}-[A-Z2-9]{5})\n`)
	if o := d.must("admin", "create", "--id", "admin", "--name", "Dewi Telaga"); !code.MatchString(o.out) {
		t.Errorf("create says %q", o.out)
	}
	if o := d.run("admin", "create", "--id", "admin", "--name", "Rini"); o.status != failed || o.out != "" {
		t.Errorf("created twice: %d %q", o.status, o.out)
	}
	if o := d.run("admin", "create", "--id", "a b", "--name", "Rini"); o.status != failed || o.out != "" {
		t.Errorf("an odd number: %d %q", o.status, o.out)
	}
	o := d.must("admin", "reset", "admin")
	if !code.MatchString(o.out) {
		t.Fatalf("reset says %q", o.out)
	}
	if o := d.run("admin", "reset", "nobody"); o.status != failed || !strings.Contains(o.err, `"nobody"`) {
		t.Errorf("reset of nobody: %d %q", o.status, o.err)
	}
	d.choosePassword("admin", code.FindStringSubmatch(o.out)[1])
}

func TestDemo(t *testing.T) {
	d := newDesk(t)
	r := d.start("demo", "--people", "300", "--seed", "5")
	command := r.until("MELEK_DATA=")
	tokens := map[string]string{}
	for _, line := range r.told {
		if word := strings.Fields(line); len(word) == 3 && word[0] == "TOKEN" {
			tokens[word[1]] = word[2]
		}
	}
	if len(tokens) != 5 {
		t.Fatalf("tokens of %v", tokens)
	}
	url := r.address + "/api/v1/reports/gains?course=kota-cerdas"
	for role, want := range map[string]int{"admin": 200, "district_officer": 200, "participant": 403, "facilitator": 403, "author": 403} {
		if status, _ := ask(t, url, tokens[role]); status != want {
			t.Errorf("%s gets %d, want %d", role, status, want)
		}
	}
	if status, _ := ask(t, url, ""); status != http.StatusUnauthorized {
		t.Errorf("nobody gets %d", status)
	}
	folder := strings.TrimPrefix(strings.Fields(command)[0], "MELEK_DATA=")
	beside := desk{t, folder, append(d.env, "MELEK_DATA="+folder)}
	if _, body := ask(t, url, tokens["admin"]); timeless(t, body) != beside.report() {
		t.Error("the API and the command line give two reports")
	}
	if status, page := ask(t, r.address+"/id/sign-in", ""); status != 200 || !strings.Contains(page, "peserta") {
		t.Errorf("the sign-in page (%d) shows no ready account", status)
	}
	if o := r.stop(); o.status != done {
		t.Errorf("stopped with %d\n%s", o.status, o.err)
	}
	if _, err := os.Stat(folder); !os.IsNotExist(err) {
		t.Errorf("%s is left: %v", folder, err)
	}
	if _, err := os.Stat(d.data); !os.IsNotExist(err) {
		t.Errorf("the data folder was touched: %v", err)
	}
}
