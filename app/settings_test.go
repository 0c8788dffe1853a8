package main

import (
	"strings"
	"testing"
)

func TestWrongSettingsStopTheStart(t *testing.T) {
	for _, tt := range []struct{ setting, allowed string }{
		{"PORT=abc", "a whole number from 0 to 65535"},
		{"PORT=70000", "a whole number from 0 to 65535"},
		{"HOST=192.0.2.1", "an address of this machine"},
		{"MELEK_BASE_URL=ftp://melek.example", "http:// or https://"},
		{"MELEK_BASE_URL=https://melek.example/path", "no path"},
		{"MELEK_OIDC_ISSUER=http://id.example", "an address that begins with https://"},
		{"MELEK_TRUSTED_PROXIES=proxy", "IP addresses and CIDR ranges"},
		{"MELEK_METRICS=nowhere", "a free address such as 127.0.0.1:9100"},
		{"MELEK_DATA=/dev/null/data", "a folder"},
		{"MELEK_COURSES=/nowhere", "a folder that holds folders of courses"},
		{"MELEK_AREAS=/nowhere", "a CSV file with the header code,name,type,parent"},
		{"MELEK_AREAS=/dev/null", "a CSV file with the header code,name,type,parent"},
		{"MELEK_TZ=Wonosobo", "the name of a time zone"},
		{"MELEK_MIN_CELL=0", "a whole number from 1 to 100"},
		{"MELEK_MIN_CELL=many", "a whole number from 1 to 100"},
		{"MELEK_RETENTION_MONTHS=0", "a whole number from 1 to 600"},
		{"MELEK_RETENTION_MONTHS=forever", "a whole number from 1 to 600"},
		{"MELEK_PRIVACY_BASIS=curiosity", "public-task, legal-obligation, consent"},
		{"MELEK_LOG=xml", "text or json"},
		{"MONGODB_URI=postgres://secret@host", "mongodb:// or mongodb+srv://"},
	} {
		t.Run(tt.setting, func(t *testing.T) {
			o := newDesk(t, tt.setting).run("serve")
			name, value, _ := strings.Cut(tt.setting, "=")
			if name == "MONGODB_URI" {
				value = "…" // it may hold a password
			}
			if o.status != misused || strings.Count(o.err, "\n") != 1 || !strings.Contains(o.err, name) ||
				!strings.Contains(o.err, `"`+value+`"`) || !strings.Contains(o.err, tt.allowed) {
				t.Errorf("status %d, said %q; want 2 and one line with %s, %q and %q", o.status, o.err, name, value, tt.allowed)
			}
			if strings.Contains(o.err, "secret") {
				t.Error("the password is repeated")
			}
		})
	}
}

func TestFlagsComeBeforeTheEnvironment(t *testing.T) {
	d := newDesk(t, "MELEK_MIN_CELL=0")
	if o := d.run("verify", "--min-cell", "5"); o.status != done {
		t.Errorf("the flag did not win: %d %s", o.status, o.err)
	}
	if o := d.run("verify"); o.status != misused {
		t.Errorf("the variable was not read: %d %s", o.status, o.err)
	}
}

func TestEmptyVariablesAreNotSet(t *testing.T) {
	empty := []string{"MELEK_TZ=", "MELEK_MIN_CELL=", "MELEK_AREAS=", "MONGODB_URI=", "MELEK_LOG=", "MELEK_COURSES="}
	if o := newDesk(t, empty...).run("verify"); o.status != done {
		t.Errorf("verify = %d %s", o.status, o.err)
	}
}

func TestWrongUsage(t *testing.T) {
	d := newDesk(t)
	for _, args := range []string{"dance", "import", "import people", "import poems x", "report", "report gains",
		"report gains --course kota-cerdas --by house", "report gains --course kota-cerdas --format doc",
		"report gains --course kota-cerdas --from yesterday", "report gains --course kota-cerdas --to 2026-02-30",
		"report items --course kota-cerdas", "admin", "admin create", "serve --nothing", "demo --people none",
		"demo --people 0", "import people x --slips out.doc", "backup"} {
		if o := d.run(strings.Fields(args)...); o.status != misused || o.err == "" || o.out != "" {
			t.Errorf("melek %s = %d, %q, %q; want 2 and a word on standard error", args, o.status, o.out, o.err)
		}
	}
}

func TestHelpListsEverySettingWithItsDefault(t *testing.T) {
	d := newDesk(t)
	help := strings.Join(strings.Fields(d.must("serve", "--help").out), " ")
	for _, want := range []string{"(PORT, default: 3000)", "(HOST, default: all interfaces)",
		"(MONGODB_URI, default: unset, embedded SQLite)", "(MONGODB_DATABASE, default: melek)",
		"(MELEK_DATA, default: ./data)", "(MELEK_BASE_URL, default: http://localhost:PORT)",
		"(MELEK_COURSES, default: unset)", "(MELEK_AREAS, default: the shipped Wonosobo file)",
		"(MELEK_TZ, default: Asia/Jakarta)", "(MELEK_MIN_CELL, default: 10)",
		"(MELEK_LOG, default: text on a terminal, json elsewhere)",
		"(MELEK_RETENTION_MONTHS, default: unset, never)", "(MELEK_PRIVACY_BASIS, default: public-task)",
		"(MELEK_CONTROLLER, default: the Diskominfo of the region)",
		"(MELEK_PRIVACY_CONTACT, default: whoever looks after Melek)"} {
		if !strings.Contains(help, want) {
			t.Errorf("serve --help does not say %q", want)
		}
	}
	for _, command := range []string{"demo", "import people", "import records", "import course", "export people",
		"export records", "report gains", "report items", "report completion", "backup", "restore", "erase", "retain", "verify",
		"admin create", "admin reset", "version"} {
		if o := d.must(append(strings.Fields(command), "--help")...); !strings.Contains(o.out, "Usage: melek "+command) {
			t.Errorf("%s --help says %q", command, o.out)
		}
	}
}

func TestVersion(t *testing.T) {
	if o := newDesk(t).must("version"); !strings.HasPrefix(o.out, "melek ") || strings.Count(o.out, "\n") != 1 {
		t.Errorf("version says %q", o.out)
	}
}
