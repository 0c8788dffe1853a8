package main

import (
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/term"

	"melek/app/internal/backup"
	"melek/courses/people"
	"melek/courses/privacy"
)

// storeSettings say where the data are.
type storeSettings struct {
	Data          string `env:"MELEK_DATA" default:"./data" placeholder:"FOLDER"`
	MongoURI      string `name:"mongodb-uri" env:"MONGODB_URI" placeholder:"URI"`
	MongoDatabase string `name:"mongodb-database" env:"MONGODB_DATABASE" default:"melek" placeholder:"NAME"`
}

// ruleSettings say what is taught, where, and by which rules it is reported.
type ruleSettings struct {
	Courses string `env:"MELEK_COURSES" placeholder:"FOLDER"`
	Areas   string `env:"MELEK_AREAS" placeholder:"FILE"`
	TZ      string `name:"tz" env:"MELEK_TZ" default:"Asia/Jakarta" placeholder:"ZONE"`
	MinCell string `env:"MELEK_MIN_CELL" default:"10" placeholder:"N"`
	Log     string `env:"MELEK_LOG" placeholder:"FORM"`

	RetentionDays string `env:"MELEK_RETENTION_DAYS" default:"30" placeholder:"N"`
	privacySettings
}

// addressSettings say how people reach the program.
type addressSettings struct {
	Port    string `env:"PORT" default:"3000" placeholder:"N"`
	BaseURL string `name:"base-url" env:"MELEK_BASE_URL" placeholder:"URL"`
}

// listenSettings say where the program listens.
type listenSettings struct {
	addressSettings
	Host    string   `env:"HOST" placeholder:"HOST"`
	Proxies []string `name:"trusted-proxies" env:"MELEK_TRUSTED_PROXIES" placeholder:"IP"`
	Metrics string   `env:"MELEK_METRICS" placeholder:"HOST:PORT"`
}

// forgetEmptySettings makes a variable that is set to nothing one that is not set.
func forgetEmptySettings() {
	for _, name := range []string{"PORT", "HOST", "MONGODB_URI", "MONGODB_DATABASE", "MELEK_DATA",
		"MELEK_BASE_URL", "MELEK_COURSES", "MELEK_AREAS", "MELEK_TZ", "MELEK_MIN_CELL", "MELEK_LOG",
		"MELEK_TRUSTED_PROXIES", "MELEK_OIDC_ISSUER", "MELEK_OIDC_CLIENT_ID",
		"MELEK_OIDC_CLIENT_SECRET", "MELEK_METRICS", "MELEK_RETENTION_MONTHS", "MELEK_PRIVACY_BASIS",
		"MELEK_CONTROLLER", "MELEK_PRIVACY_CONTACT", "MELEK_RETENTION_DAYS"} {
		if os.Getenv(name) == "" {
			_ = os.Unsetenv(name) // fails for no name of ours
		}
	}
}

// settingError is a setting whose value cannot be used.
type settingError struct {
	name    string // variable and flag
	value   string
	allowed string
}

func (e *settingError) Error() string {
	return fmt.Sprintf("the setting %s is %q; allowed: %s", e.name, e.value, e.allowed)
}

func wrong(name, value, allowed string) error { return &settingError{name, value, allowed} }

// rules are the ruleSettings as they are used.
type rules struct {
	region  *people.Region
	zone    *time.Location
	minCell int
	courses string
	data    string // folder of keys and, where it is embedded, of the database
	office  privacy.Office
	// erasures is the list of the erased, beside the data.
	erasures *backup.Erasures
	// retentionAfter is how long after a post-test the retention test opens.
	retentionAfter time.Duration
}

// read checks the settings and sets the log up.
func (s ruleSettings) read() (rules, error) {
	if err := s.openLog(); err != nil {
		return rules{}, err
	}
	r := rules{courses: s.Courses}
	var err error
	if r.region, err = s.region(); err != nil {
		return rules{}, err
	}
	if r.office, err = s.office(r.region); err != nil {
		return rules{}, err
	}
	if r.zone, err = time.LoadLocation(s.TZ); err != nil {
		return rules{}, wrong("MELEK_TZ (--tz)", s.TZ, "the name of a time zone, such as Asia/Jakarta")
	}
	if r.minCell, err = strconv.Atoi(s.MinCell); err != nil || r.minCell < 1 || r.minCell > 100 {
		return rules{}, wrong("MELEK_MIN_CELL (--min-cell)", s.MinCell, "a whole number from 1 to 100")
	}
	days, err := strconv.Atoi(s.RetentionDays)
	if err != nil || days < 1 || days > 365 {
		return rules{}, wrong("MELEK_RETENTION_DAYS (--retention-days)", s.RetentionDays,
			"a whole number from 1 to 365")
	}
	r.retentionAfter = time.Duration(days) * 24 * time.Hour
	if info, err := os.Stat(s.Courses); s.Courses != "" && (err != nil || !info.IsDir()) {
		return rules{}, wrong("MELEK_COURSES (--courses)", s.Courses, "a folder that holds folders of courses")
	}
	return r, nil
}

func (s ruleSettings) openLog() error {
	form := s.Log
	if form == "" {
		form = "json"
		if isTerminal(os.Stderr) {
			form = "text"
		}
	}
	switch form {
	case "text":
		slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, nil)))
	case "json":
		slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stderr, nil)))
	default:
		return wrong("MELEK_LOG (--log)", s.Log, "text or json")
	}
	return nil
}

func (s ruleSettings) region() (*people.Region, error) {
	if s.Areas == "" {
		return people.Wonosobo(), nil
	}
	const name = "MELEK_AREAS (--areas)"
	file, err := os.Open(s.Areas)
	if err != nil {
		return nil, wrong(name, s.Areas, "a CSV file with the header code,name,type,parent that can be read")
	}
	defer file.Close() //nolint:errcheck // it was only read
	region, err := people.ReadRegion(file)
	if err != nil {
		return nil, wrong(name, s.Areas, "a CSV file with the header code,name,type,parent; "+err.Error())
	}
	return region, nil
}

// check refuses a port or a public address that cannot be one.
func (s addressSettings) check() error {
	if port, err := strconv.Atoi(s.Port); err != nil || port < 0 || port > 65535 {
		return wrong("PORT (--port)", s.Port, "a whole number from 0 to 65535")
	}
	if s.BaseURL == "" {
		return nil
	}
	u, err := url.Parse(s.BaseURL)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" ||
		strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return wrong("MELEK_BASE_URL (--base-url)", s.BaseURL, "http:// or https:// with a host and no path")
	}
	return nil
}

// publicURL is the address that links begin with, without a slash at the end.
func (s addressSettings) publicURL() string {
	if s.BaseURL == "" {
		return "http://localhost:" + s.Port
	}
	return strings.TrimRight(s.BaseURL, "/")
}

func isTerminal(file *os.File) bool { return term.IsTerminal(int(file.Fd())) }
