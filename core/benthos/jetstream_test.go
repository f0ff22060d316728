package benthos

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/completion-playground/playground/core"
	"github.com/completion-playground/playground/core/internal/effort"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	_ "github.com/redpanda-data/benthos/v4/public/components/pure"
	"github.com/redpanda-data/benthos/v4/public/service"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	requestsStream, requestsSubject = "REQUESTS", "requests"
	checkedStream                   = "CHECKED"
	validSubject, invalidSubject    = "checked.valid", "checked.invalid"
	durable                         = "checkers"

	// most that a worker has in hand: what one that is killed leaves to be delivered once more.
	inHand, batchSize = 4000, 500

	workerHeader, deliveredHeader = "Worker", "Delivered"
)

// workerVariable makes the test binary a worker: its name, before the address of the server.
const workerVariable = "BENTHOS_TEST_WORKER"

func TestMain(m *testing.M) {
	if name := os.Getenv(workerVariable); name != "" {
		if err := work(name, os.Getenv("BENTHOS_TEST_NATS")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// work runs a Benthos stream from JetStream to JetStream until the process is ended.
func work(name, url string) error {
	connection, err := nats.Connect(url)
	if err != nil {
		return err
	}
	js, err := jetstream.New(connection)
	if err != nil {
		return err
	}
	environment := service.GlobalEnvironment().Clone()
	input := func(*service.ParsedConfig, *service.Resources) (service.BatchInput, error) { return &pull{js: js}, nil }
	output := func(*service.ParsedConfig, *service.Resources) (service.BatchOutput, service.BatchPolicy, int, error) {
		return &push{js: js, worker: name}, service.BatchPolicy{}, 4, nil
	}
	if err := errors.Join(
		environment.RegisterBatchInput("pull", service.NewConfigSpec(), input),
		environment.RegisterBatchOutput("push", service.NewConfigSpec(), output),
	); err != nil {
		return err
	}
	builder := environment.NewStreamBuilder()
	if err := builder.SetYAML(`
input: {pull: {}}
pipeline: {threads: 2, processors: [{completions_check: {}}]}
output: {push: {}}
logger: {level: "OFF"}
`); err != nil {
		return err
	}
	stream, err := builder.Build()
	if err != nil {
		return err
	}
	return stream.Run(context.Background())
}

// pull reads what JetStream delivers, in batches, and acknowledges what was written.
type pull struct {
	js       jetstream.JetStream
	consumer jetstream.Consumer
}

func (p *pull) Connect(ctx context.Context) (err error) {
	p.consumer, err = p.js.Consumer(ctx, requestsStream, durable)
	return err
}

func (p *pull) ReadBatch(ctx context.Context) (service.MessageBatch, service.AckFunc, error) {
	for ctx.Err() == nil {
		fetched, err := p.consumer.Fetch(batchSize, jetstream.FetchMaxWait(200*time.Millisecond))
		if err != nil {
			return nil, nil, err
		}
		var batch service.MessageBatch
		var delivered []jetstream.Msg
		for m := range fetched.Messages() {
			metadata, err := m.Metadata()
			if err != nil {
				return nil, nil, err
			}
			message := service.NewMessage(m.Data())
			message.MetaSetMut(deliveredHeader, strconv.FormatUint(metadata.NumDelivered, 10))
			batch, delivered = append(batch, message), append(delivered, m)
		}
		if len(batch) > 0 {
			return batch, func(_ context.Context, failed error) error { return answer(delivered, failed) }, nil
		}
	}
	return nil, nil, ctx.Err()
}

func answer(delivered []jetstream.Msg, failed error) error {
	var problems []error
	for _, m := range delivered {
		if failed != nil {
			problems = append(problems, m.Nak())
		} else {
			problems = append(problems, m.Ack())
		}
	}
	return errors.Join(problems...)
}

func (*pull) Close(context.Context) error { return nil }

// push writes messages and waits until JetStream has stored all of a batch.
type push struct {
	js     jetstream.JetStream
	worker string
}

func (*push) Connect(context.Context) error { return nil }

func (p *push) WriteBatch(ctx context.Context, batch service.MessageBatch) error {
	var stored []jetstream.PubAckFuture
	for _, message := range batch {
		text, err := message.AsBytes()
		if err != nil {
			return err
		}
		delivered, _ := message.MetaGet(deliveredHeader)
		out := nats.NewMsg(validSubject)
		if message.GetError() != nil {
			out.Subject = invalidSubject
			codes, _ := message.MetaGet(MetaCodes)
			out.Header.Set(MetaCodes, codes)
		}
		out.Header.Set(workerHeader, p.worker)
		out.Header.Set(deliveredHeader, delivered)
		out.Data = text
		one, err := p.js.PublishMsgAsync(out)
		if err != nil {
			return err
		}
		stored = append(stored, one)
	}
	for _, one := range stored {
		select {
		case <-one.Ok():
		case err := <-one.Err():
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (*push) Close(context.Context) error { return nil }

// broker starts a NATS server with JetStream in this process.
func broker(t *testing.T) (*nats.Conn, jetstream.JetStream) {
	t.Helper()
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: server.RANDOM_PORT, JetStream: true, StoreDir: t.TempDir(), NoSigs: true, NoLog: true})
	require.NoError(t, err)
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	require.True(t, s.ReadyForConnections(time.Minute))
	connection, err := nats.Connect(s.ClientURL())
	require.NoError(t, err)
	t.Cleanup(connection.Close)
	js, err := jetstream.New(connection)
	require.NoError(t, err)
	return connection, js
}

// request makes the i-th request; every tenth has an error.
func request(i int) []byte {
	tokens := 1 + i%4096
	if i%10 == 0 {
		tokens = -tokens
	}
	return fmt.Appendf(nil, `{"model": "m", "prompt": ["Request %d, of many"], "max_tokens": %d, "temperature": 0.%d, "user": "%d"}`, i, tokens, i%10, i)
}

func worker(t *testing.T, name, url string) *exec.Cmd {
	t.Helper()
	program, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), workerVariable+"="+name, "BENTHOS_TEST_NATS="+url)
	cmd.Stderr = os.Stderr
	require.NoError(t, cmd.Start())
	return cmd
}

// Two workers share a stream of requests, and one is killed in the middle: nothing is lost, and what comes twice was
// delivered twice.
func TestWorkersLoseNothingWhenOneIsKilled(t *testing.T) {
	total := effort.Rounds(10_000)
	connection, js := broker(t)
	ctx := context.Background()
	requests, err := js.CreateStream(ctx, jetstream.StreamConfig{Name: requestsStream, Subjects: []string{requestsSubject}})
	require.NoError(t, err)
	checked, err := js.CreateStream(ctx, jetstream.StreamConfig{Name: checkedStream, Subjects: []string{"checked.*"}})
	require.NoError(t, err)
	consumer, err := requests.CreateConsumer(ctx, jetstream.ConsumerConfig{
		Durable: durable, AckPolicy: jetstream.AckExplicitPolicy, MaxAckPending: inHand, AckWait: 5 * time.Second, MaxDeliver: -1,
	})
	require.NoError(t, err)
	for i := range total {
		_, err := js.PublishAsync(requestsSubject, request(i))
		require.NoError(t, err)
		if i%1000 == 0 {
			<-js.PublishAsyncComplete()
		}
	}
	<-js.PublishAsyncComplete()

	acknowledged := func() int {
		info, err := consumer.Info(ctx)
		require.NoError(t, err)
		return total - int(info.NumPending) - info.NumAckPending
	}
	until := func(enough int) {
		for pause := time.NewTicker(10 * time.Millisecond); acknowledged() < enough; <-pause.C {
		}
	}
	started := time.Now()
	first, second := worker(t, "first", connection.ConnectedUrl()), worker(t, "second", connection.ConnectedUrl())
	until(total / 3)
	require.NoError(t, first.Process.Kill())
	_ = first.Wait()
	at := acknowledged()
	require.Less(t, at, total, "killed in the middle")
	until(total)
	took := time.Since(started)
	require.NoError(t, second.Process.Kill())
	_ = second.Wait()

	got := readAll(t, checked, total)
	twice := 0
	for i := range total {
		n := got.count[i]
		require.NotZero(t, n, "request %d is lost", i)
		twice += int(n) - 1
	}
	assert.Zero(t, got.wrong, "messages with another verdict or body than the core's")
	assert.LessOrEqual(t, twice, got.redelivered, "what came twice was delivered twice")
	assert.LessOrEqual(t, got.redelivered, 2*inHand, "what a dead worker had in hand")
	assert.Equal(t, total+twice, got.valid+got.invalid)
	for _, name := range []string{"first", "second"} {
		assert.NotZero(t, got.workers[name], "%s did nothing", name)
	}
	t.Logf("%d requests through two workers, one of them killed after %d: %.0f in a second, %d twice of %d delivered again",
		total, at, float64(total)/took.Seconds(), twice, got.redelivered)
}

type tally struct {
	count                              []uint8
	valid, invalid, wrong, redelivered int
	workers                            map[string]int
}

// readAll reads what the workers wrote, and holds each message to what the core says of the request it was.
func readAll(t *testing.T, stream jetstream.Stream, total int) tally {
	t.Helper()
	ctx := context.Background()
	info, err := stream.Info(ctx)
	require.NoError(t, err)
	left := int(info.State.Msgs)
	got := tally{count: make([]uint8, total), workers: map[string]int{}}
	reader, err := stream.OrderedConsumer(ctx, jetstream.OrderedConsumerConfig{})
	require.NoError(t, err)
	messages, err := reader.Messages()
	require.NoError(t, err)
	defer messages.Stop()
	for ; left > 0; left-- {
		m, err := messages.Next()
		require.NoError(t, err)
		var body struct{ User string }
		require.NoError(t, json.Unmarshal(m.Data(), &body))
		i, err := strconv.Atoi(body.User)
		require.NoError(t, err)
		got.count[i]++
		got.workers[m.Headers().Get(workerHeader)]++
		if m.Headers().Get(deliveredHeader) != "1" {
			got.redelivered++
		}
		want, subject := request(i), invalidSubject
		if i%10 != 0 {
			want, subject = core.Body(want), validSubject
			got.valid++
		} else {
			got.invalid++
		}
		if m.Subject() != subject || !bytes.Equal(m.Data(), want) || (subject == invalidSubject) != (m.Headers().Get(MetaCodes) != "") {
			got.wrong++
		}
	}
	return got
}
