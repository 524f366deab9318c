// Command report runs the benchmarks of this module with each version of Go, and writes the results to docs/performance.md and
// docs/performance.svg. It keeps the raw output in bench.txt, for benchstat.
//
//	cd test/bench && go run ./report
//	cd test/bench && go run ./report -from bench.txt    # write the results of an earlier run again
package main

import (
	"bytes"
	"cmp"
	"errors"
	"flag"
	"fmt"
	"html"
	"image/color"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/perf/benchfmt"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

func main() {
	log.SetFlags(0)
	from := flag.String("from", "", "a file with the output of an earlier run")
	count := flag.Int("count", 10, "how often each benchmark runs")
	benchtime := flag.String("benchtime", "0.2s", "how long each of these runs takes")
	versions := flag.String("go", runtime.Version()+",go1.27.3", "the versions of Go, as values of GOTOOLCHAIN")
	docs := flag.String("docs", "../../docs", "the folder to write to")
	flag.Parse()
	if err := report(*from, *count, *benchtime, strings.Split(*versions, ","), *docs); err != nil {
		log.Fatal(err)
	}
}

func report(from string, count int, benchtime string, versions []string, docs string) error {
	output, when, err := measured(from, count, benchtime, versions)
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

// measured returns the output of the benchmarks: from the file, or from new runs, which it also writes to bench.txt. It runs all
// benchmarks once before it repeats them, so that a busy phase of the machine affects all of them. Each library runs in a separate
// process, because garbage of one library would slow down the next.
func measured(from string, count int, benchtime string, versions []string) ([]byte, time.Time, error) {
	if from != "" {
		info, err := os.Stat(from)
		if err != nil {
			return nil, time.Time{}, err
		}
		output, err := os.ReadFile(from)
		return output, info.ModTime(), err
	}
	folder, err := os.MkdirTemp("", "bench")
	if err != nil {
		return nil, time.Time{}, err
	}
	defer os.RemoveAll(folder)
	var output bytes.Buffer
	run := func(w io.Writer, version, name string, args ...string) error {
		cmd := exec.Command(name, args...)
		cmd.Env = append(os.Environ(), "GOTOOLCHAIN="+version)
		cmd.Stdout, cmd.Stderr = w, os.Stderr
		return cmd.Run()
	}
	binary := func(version string) string { return filepath.Join(folder, version+".test") }
	for _, version := range versions {
		if err := run(os.Stderr, version, "go", "test", "-c", "-o", binary(version), "."); err != nil {
			return nil, time.Time{}, err
		}
	}
	// One short run lists the names of the benchmarks.
	var listed bytes.Buffer
	if err := run(&listed, versions[0], binary(versions[0]), "-test.run", "^$", "-test.bench", ".", "-test.benchtime", "1x"); err != nil {
		return nil, time.Time{}, err
	}
	var libraries []string // the patterns for -test.bench, one for each benchmark function and library
	for _, m := range regexp.MustCompile(`(?m)^Benchmark(\w+)/doc=\S+/lib=(\S+?)(?:-\d+)?\s`).FindAllStringSubmatch(listed.String(), -1) {
		lib := "^Benchmark" + m[1] + "$/./^lib=" + strings.ReplaceAll(regexp.QuoteMeta(m[2]), "/", "$/^") + "$"
		if !slices.Contains(libraries, lib) {
			libraries = append(libraries, lib)
		}
	}
	for i := range count {
		for _, version := range versions {
			fmt.Fprintf(os.Stderr, "run %d of %d, %s\n", i+1, count, version)
			fmt.Fprintf(&output, "go: %s\n", version)
			for _, lib := range libraries {
				if err := run(io.MultiWriter(&output, os.Stderr), version, binary(version),
					"-test.run", "^$", "-test.bench", lib, "-test.benchtime", benchtime); err != nil {
					return nil, time.Time{}, err
				}
			}
		}
	}
	return output.Bytes(), time.Now(), os.WriteFile("bench.txt", output.Bytes(), 0o644)
}

// A run has the results of every benchmark, in the order in which they ran.
type run struct {
	date     time.Time
	cpu      string
	versions []string
	benches  []bench
}

type bench struct {
	direction, doc, lib string
	values              map[string]map[string][]float64 // by version and unit
}

func (b *bench) median(version, unit string) float64 {
	v := slices.Sorted(slices.Values(b.values[version][unit]))
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
		version := result.GetConfig("go")
		if !slices.Contains(r.versions, version) {
			r.versions = append(r.versions, version)
		}
		name := string(result.Name.Full())
		if i := strings.LastIndexByte(name, '-'); i > 0 && strings.Trim(name[i+1:], "0123456789") == "" {
			name = name[:i]
		}
		if _, ok := index[name]; !ok {
			direction, rest, _ := strings.Cut(name, "/doc=")
			doc, lib, _ := strings.Cut(rest, "/lib=")
			index[name] = len(r.benches)
			r.benches = append(r.benches, bench{direction, doc, strings.ReplaceAll(lib, "_", " "), map[string]map[string][]float64{}})
		}
		values := r.benches[index[name]].values
		if values[version] == nil {
			values[version] = map[string][]float64{}
		}
		for _, v := range result.Values {
			values[version][v.Unit] = append(values[version][v.Unit], v.Value)
		}
	}
	if len(r.benches) == 0 {
		return nil, errors.New("no benchmark in the output")
	}
	return &r, reader.Err()
}

// ours is the prefix of the names of our own rows.
const ours = "talonone"

// headings are the headings of those benchmarks whose name is not a good heading.
var headings = map[string]string{"Rest": "Beside decoding and encoding"}

func (r *run) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Measured on %s with %s on %s/%s, %s. Medians of %d runs, each library in a process of its own; × is the time as a "+
		"multiple of the first row's.\n", r.date.Format("2 January 2006"), strings.Join(r.versions, " and "), runtime.GOOS, runtime.GOARCH,
		strings.TrimSpace(r.cpu), len(r.benches[0].values[r.versions[0]]["sec/op"]))
	for _, direction := range r.directions() {
		fmt.Fprintf(&b, "\n### %s\n", cmp.Or(headings[direction], direction))
		for _, doc := range r.docs(direction) {
			fmt.Fprintf(&b, "\n| %s |", doc)
			for _, version := range r.versions {
				fmt.Fprintf(&b, " %s | × |", short(version))
			}
			fmt.Fprintf(&b, " bytes | allocations |\n|---|%s\n", strings.Repeat("---:|", 2*len(r.versions)+2))
			first := map[string]float64{}
			for i := range r.benches {
				m := &r.benches[i]
				if m.direction != direction || m.doc != doc {
					continue
				}
				fmt.Fprintf(&b, "| %s |", m.lib)
				for _, version := range r.versions {
					t := m.median(version, "sec/op")
					first[version] = cmp.Or(first[version], t)
					fmt.Fprintf(&b, " %s | %.2f |", duration(t), t/first[version])
				}
				last := r.versions[len(r.versions)-1]
				fmt.Fprintf(&b, " %.0f | %.0f |\n", m.median(last, "B/op"), m.median(last, "allocs/op"))
			}
		}
	}
	return b.String()
}

// short returns the version of Go without its patch release.
func short(version string) string {
	if parts := strings.SplitN(strings.TrimPrefix(version, "go"), ".", 3); len(parts) > 1 {
		if _, err := strconv.Atoi(parts[1]); err == nil {
			return "Go " + parts[0] + "." + parts[1]
		}
	}
	return version
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

// chart draws a bar for each library that encodes or decodes the document of 1000 items.
func (r *run) chart(file string) error {
	const doc = "items=1000"
	plot.DefaultFont.Variant = "Sans" // the font in which plot measures texts
	p := plot.New()
	p.Title.Text = "A session of 1000 items (280 KB), time in ms"
	p.Title.Padding = vg.Points(8)
	p.X.Min = 0
	p.Y.Padding = vg.Points(6)
	p.Y.LineStyle.Width, p.Y.Tick.LineStyle.Width = 0, 0
	var names []string
	longest := 0.0
	for _, direction := range []string{"Encode", "Decode"} { // the first is at the bottom
		for i := range slices.Backward(r.benches) {
			m := &r.benches[i]
			if m.direction != direction || m.doc != doc || strings.HasPrefix(m.lib, "AppendJSON and") {
				continue
			}
			millis := m.median(r.versions[len(r.versions)-1], "sec/op") * 1e3
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

	// The viewer's font may be larger: the left margin leaves room for wider names, the other margins for higher letters.
	const left, margin = 2 * vg.Centimeter, 2 * vg.Millimeter
	svg := vgsvg.New(20*vg.Centimeter, vg.Length(len(names))*vg.Centimeter*0.8+3*vg.Centimeter)
	canvas := draw.New(svg)
	canvas.SetColor(color.White)
	canvas.Fill(canvas.Path())
	p.Draw(draw.Crop(canvas, left, -margin, margin, -margin))
	var text bytes.Buffer
	if _, err := svg.WriteTo(&text); err != nil {
		return err
	}
	out, err := inAnyFont(text.String(), names)
	if err != nil {
		return err
	}
	return os.WriteFile(file, []byte(out), 0o644)
}

// inAnyFont changes an SVG so that it looks right in the viewer's own sans-serif font. The plot gives the start of each text,
// computed from the width in its own font. With another font, that would move the text, so inAnyFont gives the end of the names
// beside the bars, and the middle of all other texts.
func inAnyFont(svg string, names []string) (string, error) {
	const family = "font-family:Liberation Sans;"
	text := regexp.MustCompile(`<text x="([^"]+)"([^>]*)>([^<]*)</text>`)
	size := regexp.MustCompile(`font-size:([\d.]+)px`)
	var failed error
	svg = text.ReplaceAllStringFunc(svg, func(element string) string {
		m := text.FindStringSubmatch(element)
		points := size.FindStringSubmatch(m[2])
		if points == nil || !strings.Contains(m[2], family) {
			failed = errors.Join(failed, fmt.Errorf("the font of a text is not the expected one: %s", element))
			return element
		}
		x, err := strconv.ParseFloat(m[1], 64)
		height, err2 := strconv.ParseFloat(points[1], 64)
		failed = errors.Join(failed, err, err2)
		shown := html.UnescapeString(m[3])
		face := font.DefaultCache.Lookup(plot.DefaultFont, vg.Points(height))
		width := face.Width(shown).Points()
		anchor := "middle"
		if slices.Contains(names, shown) {
			anchor = "end"
		} else {
			width /= 2
		}
		rest := strings.Replace(m[2], family, "font-family:sans-serif;", 1)
		return fmt.Sprintf(`<text x="%.5g" text-anchor="%s"%s>%s</text>`, x+width, anchor, rest, m[3])
	})
	return svg, failed
}

const (
	begin = "<!-- begin of what test/bench/report writes -->\n"
	end   = "<!-- end of what test/bench/report writes -->\n"
)

func replaceGenerated(page []byte, text string) ([]byte, error) {
	head, rest, ok := bytes.Cut(page, []byte(begin))
	_, tail, ok2 := bytes.Cut(rest, []byte(end))
	if !ok || !ok2 {
		return nil, errors.New("the page lacks the comments around the tables")
	}
	return slices.Concat(head, []byte(begin+"\n"+text+"\n"+end), tail), nil
}

// colorOf returns one color for our own rows, one for other libraries, and one for functions of encoding/json that do a part of the
// work.
func colorOf(lib string) color.Color {
	switch {
	case strings.HasPrefix(lib, ours):
		return color.RGBA{R: 0x1f, G: 0x77, B: 0xb4, A: 0xff}
	case strings.HasSuffix(lib, "json.Valid"), strings.HasSuffix(lib, "json.Compact"):
		return color.Gray{Y: 0x60}
	}
	return color.Gray{Y: 0xb0}
}
