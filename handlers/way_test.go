package handlers_test

import "testing"

func TestWholeWay(t *testing.T) {
	k := newKit(t)
	b := k.participant("P-1")
	b.open("/id/")
	t.Log(b.text())
	b.takeTest("pre", false)
	t.Log(b.text())
	b.takeModules()
	t.Log(b.text())
	b.takeTest("post", true)
	t.Log(b.text())
}
