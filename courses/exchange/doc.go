// Package exchange turns what Melek knows into files and files into what Melek knows: people,
// learning records, slips and reports, in the formats of spreadsheets, scripts and printers. It
// decides nothing about them and keeps nothing.
package exchange
