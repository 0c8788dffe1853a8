package main

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/alecthomas/kong"
)

// flagHelp says what each flag means; helpOf adds its variable and its default.
var flagHelp = map[string]string{
	"data":               "Folder of the embedded database, keys and uploads.",
	"mongodb-uri":        "Use MongoDB, a replica set or sharded cluster, not the embedded database.",
	"mongodb-database":   "Name of the database in MongoDB.",
	"courses":            "Folder of courses added to the shipped ones; the same id replaces.",
	"areas":              "Region as CSV with the header code,name,type,parent.",
	"tz":                 "Time zone of reports.",
	"min-cell":           "Smallest group that is published, 1 to 100.",
	"retention-days":     "Days from the post-test until the retention test opens, 1 to 365.",
	"log":                "Form of the log, text or json.",
	"port":               "Port to listen on; 0 takes any that is free.",
	"base-url":           "Public address, for links.",
	"host":               "Address to listen on.",
	"trusted-proxies":    "Addresses of proxies whose X-Forwarded-For is believed.",
	"oidc-issuer":        "The office's OpenID Connect provider; people come back to /oidc/callback.",
	"oidc-client-id":     "Id that the identity provider gave Melek.",
	"oidc-client-secret": "Secret that goes with the id; better in the environment.",
	"metrics":            "Address on which GET /metrics answers Prometheus; keep the public from it.",

	"people":           "How many participants there are.",
	"seed":             "The same seed gives the same regency.",
	"truth":            "Write the true gains of the simulation to this file, as JSON.",
	"course":           "Id of the course.",
	"by":               "What the rows are: ",
	"from":             "First day of the first valid pre-test, such as 2026-08-01.",
	"to":               "Last day of the first valid pre-test.",
	"type":             "Only people of this type of area: ",
	"role":             "Only people of this role: ",
	"phase":            "Test of this phase: ",
	"form":             "Only this form of the test.",
	"format":           "What is written: ",
	"lang":             "Language of titles: ",
	"check":            "Verify the signature, make the report again and list what has changed since.",
	"unsuppressed":     "Show small groups also; it is written to the audit log.",
	"slips":            "Make one-time codes for those without a PIN and write them to OUT.pdf or OUT.csv.",
	"retention-months": "Erase the data of who has left so many months ago.",
	"privacy-basis":    "Ground of processing personal data: public-task, legal-obligation, consent.",
	"controller":       "Office that decides on the purpose, as the notice names it.",
	"privacy-contact":  "Where people turn to about their data, as the notice names it.",
	"confirm":          "The number once more; asked for on a terminal.",
	"dry-run":          "Only say who would be erased.",

	"id":   "Number to sign in with; asked for on a terminal.",
	"name": "Name; asked for on a terminal.",
}

// unsetHelp says what happens where a flag without a default value is not given.
var unsetHelp = map[string]string{
	"mongodb-uri":        "unset, embedded SQLite",
	"courses":            "unset",
	"areas":              "the shipped Wonosobo file",
	"log":                "text on a terminal, json elsewhere",
	"base-url":           "http://localhost:PORT",
	"host":               "all interfaces",
	"trusted-proxies":    "none",
	"oidc-issuer":        "unset, none",
	"oidc-client-id":     "unset",
	"oidc-client-secret": "unset",
	"metrics":            "none",
	"from":               "any",
	"to":                 "any",
	"type":               "all",
	"form":               "all",
	"slips":              "none",
	"retention-months":   "unset, never",
	"controller":         "the Diskominfo of the region",
	"privacy-contact":    "whoever looks after Melek",
	"truth":              "none",
}

func helpOf(v *kong.Value) string {
	text, ok := flagHelp[v.Name]
	if !ok || v.Flag == nil {
		return v.Help
	}
	text = cmp.Or(v.Help, text) // a flag that means something else in one command says so there
	if v.Enum != "" {
		text += strings.ReplaceAll(strings.Trim(v.Enum, ","), ",", ", ") + "."
	}
	notes := strings.Join(v.Tag.Envs, ", ")
	if standard := cmp.Or(v.Default, unsetHelp[v.Name]); standard != "" {
		notes = strings.TrimPrefix(notes+", default: "+standard, ", ")
	}
	if notes == "" {
		return text
	}
	return fmt.Sprintf("%s (%s)", text, notes)
}
