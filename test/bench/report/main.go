// Command report runs the benchmarks of this module and writes what they measured to docs/performance.md and
// docs/performance.svg. The page says what machine it ran on; benchstat reads the raw output, which is kept beside it.
//
//	cd test/bench && go run ./report
//	cd test/bench && go run ./report -from bench.txt    # write again what an earlier run measured
package main

import (
	"bytes"
	"cmp"
	"errors"
	"flag"
	"fmt"
	"image/color"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/perf/benchfmt"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

func main() {
	log.SetFlags(0)
	from := flag.String("from", "", "a file with the output of an earlier run")
	count := flag.Int("count", 10, "how often each benchmark runs")
	benchtime := flag.String("benchtime", "0.3s", "how long each of these takes")
	docs := flag.String("docs", "../../docs", "the folder to write to")
	flag.Parse()
	if err := report(*from, *count, *benchtime, *docs); err != nil {
		log.Fatal(err)
	}
}

func report(from string, count int, benchtime, docs string) error {
	output, when, err := measured(from, count, benchtime)
	if err != nil {
		return err
	}
	run, err := read(output)
	if err != nil {
		return err
	}
	run.date = when
	page := filepath.Join(docs, "performance.md")
	text, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	if text, err = replaceGenerated(text, run.markdown()); err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(page, text, 0o644),
		run.chart(filepath.Join(docs, "performance.svg")),
	)
}

// measured returns the output of a run, and keeps that of a new one in bench.txt. The runs of one benchmark do not follow
// each other: what else the machine does then hits all of them alike.
func measured(from string, count int, benchtime string) ([]byte, time.Time, error) {
	if from != "" {
		info, err := os.Stat(from)
		if err != nil {
			return nil, time.Time{}, err
		}
		output, err := os.ReadFile(from)
		return output, info.ModTime(), err
	}
	var output bytes.Buffer
	for i := range count {
		fmt.Fprintf(os.Stderr, "run %d of %d\n", i+1, count)
		cmd := exec.Command("go", "test", "-run", "^$", "-bench", ".", "-benchtime", benchtime, ".")
		cmd.Stdout, cmd.Stderr = io.MultiWriter(&output, os.Stderr), os.Stderr
		if err := cmd.Run(); err != nil {
			return nil, time.Time{}, err
		}
	}
	return output.Bytes(), time.Now(), os.WriteFile("bench.txt", output.Bytes(), 0o644)
}

// A run is what was measured of every benchmark, in the order in which they ran.
type run struct {
	date    time.Time
	cpu     string
	benches []bench
}

type bench struct {
	direction, doc, lib string
	values              map[string][]float64 // by unit
}

func (b *bench) median(unit string) float64 {
	v := slices.Sorted(slices.Values(b.values[unit]))
	if len(v) == 0 {
		return 0
	}
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}

func read(output []byte) (*run, error) {
	var r run
	index := map[string]int{}
	reader := benchfmt.NewReader(bytes.NewReader(output), "output")
	for reader.Scan() {
		result, ok := reader.Result().(*benchfmt.Result)
		if !ok {
			continue
		}
		r.cpu = cmp.Or(result.GetConfig("cpu"), r.cpu)
		name := string(result.Name.Full())
		if i := strings.LastIndexByte(name, '-'); i > 0 && strings.Trim(name[i+1:], "0123456789") == "" {
			name = name[:i]
		}
		if _, ok := index[name]; !ok {
			direction, rest, _ := strings.Cut(name, "/doc=")
			doc, lib, _ := strings.Cut(rest, "/lib=")
			index[name] = len(r.benches)
			r.benches = append(r.benches, bench{direction, doc, strings.ReplaceAll(lib, "_", " "), map[string][]float64{}})
		}
		values := r.benches[index[name]].values
		for _, v := range result.Values {
			values[v.Unit] = append(values[v.Unit], v.Value)
		}
	}
	if len(r.benches) == 0 {
		return nil, errors.New("no benchmark in the output")
	}
	return &r, reader.Err()
}

// ours are the rows that begin so.
const ours = "talonone"

// headings of the benchmarks that are not called after what they do.
var headings = map[string]string{"Rest": "Beside decoding and encoding"}

func (r *run) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Measured on %s with %s on %s/%s, %s. Medians of %d runs.\n",
		r.date.Format("2 January 2006"), runtime.Version(), runtime.GOOS, runtime.GOARCH, strings.TrimSpace(r.cpu), len(r.benches[0].values["sec/op"]))
	for _, direction := range r.directions() {
		fmt.Fprintf(&b, "\n### %s\n", cmp.Or(headings[direction], direction))
		for _, doc := range r.docs(direction) {
			fmt.Fprintf(&b, "\n| %s | time | × the first | bytes | allocations |\n|---|---:|---:|---:|---:|\n", doc)
			first := 0.0
			for i := range r.benches {
				if m := &r.benches[i]; m.direction == direction && m.doc == doc {
					t := m.median("sec/op")
					first = cmp.Or(first, t)
					fmt.Fprintf(&b, "| %s | %s | %.2f | %.0f | %.0f |\n", m.lib, duration(t), t/first, m.median("B/op"), m.median("allocs/op"))
				}
			}
		}
	}
	return b.String()
}

func duration(seconds float64) string {
	if micros := seconds * 1e6; micros < 1000 {
		return fmt.Sprintf("%.3g µs", micros)
	}
	return fmt.Sprintf("%.3g ms", seconds*1e3)
}

func (r *run) directions() (names []string) {
	for _, m := range r.benches {
		if !slices.Contains(names, m.direction) {
			names = append(names, m.direction)
		}
	}
	return names
}

func (r *run) docs(direction string) (names []string) {
	for _, m := range r.benches {
		if m.direction == direction && !slices.Contains(names, m.doc) {
			names = append(names, m.doc)
		}
	}
	return names
}

// chart draws the document of 1000 items: a bar for each library, in each direction.
func (r *run) chart(file string) error {
	const doc = "items=1000"
	p := plot.New()
	p.Title.Text = "A session of 1000 items (280 KB), time in ms"
	p.X.Min = 0
	// The names keep away from the bars: where the font is missing that they are measured in, another may be wider.
	p.Y.Padding = 2 * vg.Centimeter
	p.Y.LineStyle.Width, p.Y.Tick.LineStyle.Width = 0, 0
	var names []string
	longest := 0.0
	for _, direction := range []string{"Encode", "Decode"} { // from the bottom up
		for i := range slices.Backward(r.benches) {
			m := &r.benches[i]
			if m.direction != direction || m.doc != doc || m.lib == "floor: a copy" {
				continue
			}
			millis := m.median("sec/op") * 1e3
			longest = max(longest, millis)
			bar, err := plotter.NewBarChart(plotter.Values{millis}, vg.Points(14))
			if err != nil {
				return err
			}
			bar.Horizontal = true
			bar.XMin = float64(len(names))
			bar.LineStyle.Width = 0
			bar.Color = colorOf(m.lib)
			p.Add(bar)
			names = append(names, strings.ToLower(direction)+", "+m.lib)
		}
	}
	p.X.Max = 1.05 * longest
	p.NominalY(names...)
	return p.Save(20*vg.Centimeter, vg.Length(len(names))*vg.Centimeter*0.8+2*vg.Centimeter, file)
}

const (
	begin = "<!-- begin of what test/bench/report writes -->\n"
	end   = "<!-- end of what test/bench/report writes -->\n"
)

func replaceGenerated(page []byte, text string) ([]byte, error) {
	head, rest, ok := bytes.Cut(page, []byte(begin))
	_, tail, ok2 := bytes.Cut(rest, []byte(end))
	if !ok || !ok2 {
		return nil, errors.New("the page has no place for the tables")
	}
	return slices.Concat(head, []byte(begin+"\n"+text+"\n"+end), tail), nil
}

// colorOf tells ours, the other libraries and the parts of the work apart.
func colorOf(lib string) color.Color {
	switch {
	case strings.HasPrefix(lib, ours):
		return color.RGBA{R: 0x1f, G: 0x77, B: 0xb4, A: 0xff}
	case strings.HasSuffix(lib, "json.Valid"), strings.HasSuffix(lib, "json.Compact"):
		return color.Gray{Y: 0x60}
	}
	return color.Gray{Y: 0xb0}
}
