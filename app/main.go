// Command melek trains village government in digital literacy and reports how much literacy rose. It
// puts the rooms together: settings and commands are here, and nothing that one of the rooms could
// know.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // so that MELEK_TZ works on machines without zones

	"github.com/alecthomas/kong"
)

// Statuses with which the program ends.
const (
	done    = 0
	failed  = 1 // refused or partly refused
	misused = 2
)

const description = `Digital-literacy training for village government.

Settings come from flags, then from the environment, then from the defaults shown. Reports go to standard
output, logs and refusals to standard error. The exit status is 0 when all was done, 1 when something was
refused, 2 for wrong usage.`

// commands is the command line.
type commands struct {
	Serve   serveCommand   `cmd:"" default:"withargs" help:"Serve pages and the API (the default command)."`
	Demo    demoCommand    `cmd:"" help:"Serve a simulated regency from a throw-away database."`
	Import  importCommands `cmd:"" help:"Take in people, records, a course or items."`
	Export  exportCommands `cmd:"" help:"Write people, records or a course to a file."`
	Check   checkCommand   `cmd:"" help:"Hold courses against the content gate."`
	Report  reportCommands `cmd:"" help:"Write a report to standard output."`
	Backup  backupCommand  `cmd:"" help:"Write everything to one file."`
	Restore restoreCommand `cmd:"" help:"Read a backup into an empty database."`
	Erase   eraseCommand   `cmd:"" help:"Take one person out of everything, for good."`
	Retain  retainCommand  `cmd:"" help:"Erase those who have left for longer than the retention."`
	Verify  verifyCommand  `cmd:"" help:"Fold every record again and compare with what is kept."`
	Admin   adminCommands  `cmd:"" help:"Create an administrator, or make a person a new one-time code."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

func main() { os.Exit(run(os.Args[1:])) }

// run does what the arguments ask for and returns the exit status.
func run(args []string) int {
	forgetEmptySettings()
	var cli commands
	parser, err := kong.New(&cli, kong.Name("melek"), kong.Description(description), kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, FlagsLast: true}), kong.ValueFormatter(helpOf))
	if err != nil {
		panic(err) // the command line is compiled in and tested
	}
	command, err := parser.Parse(args)
	if err != nil {
		complain("%v", err)
		return misused
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	command.BindTo(ctx, (*context.Context)(nil))
	return status(command.Run())
}

// errTold is the error of a command that has said on standard error what was refused.
var errTold = errors.New("told")

// status says on standard error what went wrong, and returns the exit status for it.
func status(err error) int {
	var wrong *settingError
	var misuse *usageError
	switch {
	case err == nil:
		return done
	case errors.As(err, &wrong):
		complain("%v", wrong)
		return misused
	case errors.As(err, &misuse):
		complain("%s", sentence(err))
		return misused
	case errors.Is(err, errTold):
	case errors.Is(err, context.Canceled):
		complain("broken off")
	default:
		for _, line := range sentences(err) {
			complain("%s", line)
		}
	}
	return failed
}

// complain writes a line to standard error.
func complain(form string, args ...any) {
	fmt.Fprintf(os.Stderr, "melek: "+form+"\n", args...)
}

// tell writes a line to standard error that is no complaint.
func tell(form string, args ...any) {
	fmt.Fprintf(os.Stderr, form+"\n", args...)
}

// say writes a line to standard output.
func say(form string, args ...any) {
	fmt.Printf(form+"\n", args...)
}
