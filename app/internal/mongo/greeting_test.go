package mongo_test

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/x/mongo/driver/wiremessage"

	"melek/app/internal/mongo"
	"melek/courses"
)

// speaker speaks as much of the wire protocol as opening a store takes: it greets as it is told to, has no
// collections, and takes note of what it is told to do.
type speaker struct {
	greeting bson.D
	mu       sync.Mutex
	commands []bson.D
}

func (s *speaker) start(t *testing.T) (uri string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go s.talk(conn)
		}
	}()
	return "mongodb://" + listener.Addr().String() + "/"
}

func (s *speaker) talk(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	for {
		size := make([]byte, 4)
		if _, err := io.ReadFull(conn, size); err != nil {
			return
		}
		rest := make([]byte, binary.LittleEndian.Uint32(size)-4)
		if _, err := io.ReadFull(conn, rest); err != nil {
			return
		}
		answer, err := s.answer(append(size, rest...))
		if err != nil {
			return
		}
		if _, err := conn.Write(answer); err != nil {
			return
		}
	}
}

var errNotSpoken = errors.New("not spoken here")

func (s *speaker) answer(message []byte) ([]byte, error) {
	_, request, _, code, body, _ := wiremessage.ReadHeader(message)
	switch code {
	case wiremessage.OpQuery: //nolint:staticcheck // drivers still greet with it on a new connection
		index, out := wiremessage.AppendHeaderStart(nil, request, request, wiremessage.OpReply)
		out = wiremessage.AppendReplyFlags(out, 0)
		out = wiremessage.AppendReplyCursorID(out, 0)
		out = wiremessage.AppendReplyStartingFrom(out, 0)
		out = wiremessage.AppendReplyNumberReturned(out, 1)
		return finish(index, out, s.greeting)
	case wiremessage.OpMsg:
		_, body, _ = wiremessage.ReadMsgFlags(body)
		_, body, _ = wiremessage.ReadMsgSectionType(body)
		document, _, ok := wiremessage.ReadMsgSectionSingleDocument(body)
		var command bson.D
		if err := bson.Unmarshal(document, &command); err != nil || !ok {
			return nil, errNotSpoken
		}
		index, out := wiremessage.AppendHeaderStart(nil, request, request, wiremessage.OpMsg)
		out = wiremessage.AppendMsgFlags(out, 0)
		out = wiremessage.AppendMsgSectionType(out, wiremessage.SingleDocument)
		return finish(index, out, s.obey(command))
	}
	return nil, errNotSpoken
}

func finish(index int32, out []byte, reply bson.D) ([]byte, error) {
	document, err := bson.Marshal(reply)
	out = append(out, document...)
	binary.LittleEndian.PutUint32(out[index:], uint32(len(out)))
	return out, err
}

func (s *speaker) obey(command bson.D) bson.D {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.commands = append(s.commands, command)
	switch command[0].Key {
	case "hello", "isMaster", "ismaster":
		return s.greeting
	case "listCollections":
		empty := bson.D{{Key: "id", Value: int64(0)}, {Key: "ns", Value: "melek.none"}, {Key: "firstBatch", Value: bson.A{}}}
		return bson.D{{Key: "cursor", Value: empty}, {Key: "ok", Value: 1}}
	}
	return bson.D{{Key: "ok", Value: 1}}
}

func greets(wire int, more ...bson.E) bson.D {
	return append(bson.D{{Key: "ok", Value: 1}, {Key: "isWritablePrimary", Value: true}, {Key: "ismaster", Value: true},
		{Key: "minWireVersion", Value: 0}, {Key: "maxWireVersion", Value: wire}}, more...)
}

func TestOpenRefusesServersWithoutTransactions(t *testing.T) {
	tests := []struct {
		fact     string
		greeting bson.D
		say      string
	}{
		{"a server alone", greets(21), "--replSet"},
		{"a server older than MongoDB 6", greets(13, bson.E{Key: "msg", Value: "isdbgrid"}), "6.0"},
	}
	for _, tt := range tests {
		t.Run(tt.fact, func(t *testing.T) {
			s, err := mongo.Open(t.Context(), (&speaker{greeting: tt.greeting}).start(t), "melek")
			if err == nil || !strings.Contains(err.Error(), tt.say) {
				t.Errorf("Open = %v, %v; want an error that says %q", s, err, tt.say)
			}
			if courses.KindOf(err) == courses.Unavailable {
				t.Errorf("Open = %v: trying again will not help", err)
			}
		})
	}
}

// TestShardedByPersonAndArea checks what a cluster is told, for no sharded one is at hand in tests.
func TestShardedByPersonAndArea(t *testing.T) {
	router := &speaker{greeting: greets(21, bson.E{Key: "msg", Value: "isdbgrid"})}
	s, err := mongo.Open(t.Context(), router.start(t), "melek")
	if err != nil {
		t.Fatal(err)
	}
	closeStore(t, s)
	got := map[any]string{}
	for _, command := range router.commands {
		if command[0].Key == "shardCollection" {
			key, err := bson.MarshalExtJSON(command[1].Value, false, false)
			if err != nil {
				t.Fatal(err)
			}
			got[command[0].Value] = string(key)
		}
	}
	want := map[any]string{"melek.records": `{"person":1,"_id":1}`, "melek.projections": `{"_id":1}`,
		"melek.tallies": `{"_id":1}`, "melek.people": `{"_id":1}`}
	for name, key := range want {
		if got[name] != key {
			t.Errorf("%v is sharded by %s, want %s", name, got[name], key)
		}
	}
	if len(got) != len(want) {
		t.Errorf("sharded are %v, want %v", got, want)
	}
	made := slices.ContainsFunc(router.commands, func(c bson.D) bool { return c[0].Key == "createIndexes" })
	if !made {
		t.Error("no indexes are made")
	}
}
