// Asks Go's regexp what it does with patterns, and prints it as JSON: patterns/cases/go.json holds the answers, patterns/re2.test.ts compares.
// The patterns are a list by hand and drawn ones, from a fixed seed. `go run scripts/patterns/main.go > patterns/cases/go.json`
package main

import (
	"encoding/json"
	"math/rand"
	"os"
	"regexp"
	"strings"
	"unicode"
)

type answer struct {
	Pattern string `json:"pattern"`
	// Error is Go's text; empty when the pattern compiles.
	Error string `json:"error,omitempty"`
	// Found has all matches of each text, in the order of Texts; null where there is none.
	Found [][]string `json:"found,omitempty"`
}

type table struct {
	Go    string   `json:"go"`
	Texts []string `json:"texts"`
	// Classes has the names that \p{...} takes in lower case without spaces, hyphens and underscores, and the one that Go's tables have.
	Classes map[string]string `json:"classes"`
	Answers []answer          `json:"answers"`
}

var texts = []string{
	"", "a", "abc", "ABC", "aXbXc", "a1_b-2", "  a\tb\n", "αβγ", "Straße", "\u212a", "ſ", "]", "a]", "\u00a0", "\u2028", "\u0085",
	"foo.bar/baz", "2024-01-02", "aaaa", "x{2}", "a\nb\nc", "日本語", "😀b", "\\d", "^$", "A-Z", "é", "\v\f\r",
}

var byHand = []string{
	`^(?i)abc$`, `^\pL+$`, `^\p{Greek}+$`, `^[]a]$`, `^[^]a]$`, `^\s$`, `^\h$`, `\A\w+\z`, `\Z`, `\Q.\E`, `\Qa.b`, `(?P<n>a)`, `(?<n>a)`, `(?P<n>a)(?P<n>b)`,
	`(?P<1>a)`, `(?P<>a)`, `(?P<n`, `(?P=n)`, `(?P>n)`, `a{1000}`, `a{1001}`, `a{2,1}`, `a{,2}`, `a{2,}`, `(a{500}){3}`, `(a{2}){2}`, `\C`, `\R`, `\X`, `\K`, `\G`,
	`(?U)a+`, `(?U)a+?`, `(?s).`, `(?m)^b$`, `(?ms)^.+$`, `(?i-s)A.`, `(?-i)a`, `(?z)a`, `(?i`, `(?`, `(?:`, `(?)`, `()`, `(|a)`, `a|*`, `*`, `+a`, `?`, `a**`, `a+*`, `a++`, `a?+`, `a{2}{2}`, `a{2}*`,
	`^*`, `$+`, `\b*`, `\b`, `\B`, `\bb`, `[a-`, `[b-a]`, `[a-\d]`, `[\d-z]`, `[[:alpha:]]`, `[[:^alpha:]]`, `[[:foo:]]`, `[[:word:]-]`, `[^\n]`, `[\p{Lu}\d]`, `[^\pN]`, `\p{^Greek}`, `\P{^Greek}`,
	`\p{Foo}`, `\pX`, `\p{greek}`, `\p{GREEK}`, `\p{Letter}`, `\p{Lowercase_Letter}`, `\p{lowercase letter}`, `\p{Any}`, `\p{ASCII}`, `\p{Assigned}`, `\p{Cn}`, `\p{LC}`, `\p{Han}`, `\p{L}`, `\p{`, `\p`, `\pLu`,
	`\x41`, `\x{41}`, `\x{110000}`, `\x{}`, `\x4`, `\07`, `\101`, `\8`, `\1`, `\0`, `\a\f\v`, `\t`, `\cA`, `\e`, `\u0041`, `\z`, `\\`, `\`, `\_`, `\-`, `\é`, `(?=a)`, `(?!a)`, `(?<=a)b`, `(?<!a)b`, `(?>a)`, `(?#c)`,
	`(?i)k`, `(?i)s`, `(?i)ß`, `(?i)[k-s]`, `(?i)\x{212a}`, `(?i)É`, `(?i)[^k]`, `a)`, `(a`, `((a)`, `a|b|`, `|`, `[]`, `[^]`, `[a]]`, `[[]`, `[\]]`, `[a-c-e]`, `[--a]`, `[+--]`, `[.-.]`, `x{2}`, `x\{2\}`, `x{a}`, `x{2`, `{2}`, `{`, `}`, `x{02}`,
	`^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*)?$`, `^\d{4}-\d{2}-\d{2}$`, `^(a+)+$`, `(a|aa)+$`, `(.*)(.*)(.*)x`, `^(?:[^/]+/)?[^/]+$`, `\.`, `.`, `^$`, `^`, `$`, ``, `a*`, `a*?`, `(?:a*)*`, `(a*)+`, `[[:space:]]`, `\S+`, `\W`, `\D+`,
	strings.Repeat("(", 1000) + strings.Repeat(")", 1000), strings.Repeat("(", 1001) + strings.Repeat(")", 1001), `((((((((((x{2}){2}){2}){2}){2}){2}){2}){2}){2}){2})`,
}

var atoms = []string{
	"a", "b", "c", "x", ".", `\d`, `\w`, `\s`, `\S`, `\W`, `\b`, `\B`, "^", "$", `\A`, `\z`, "[a-c]", "[^a-c]", "[[:alpha:]]", "[[:^space:]]", `\pL`, `\p{Greek}`, `\PN`, "é", "β", "日", `\.`, `\-`, "-", "_", "/",
	"[]a]", `[\s\d]`, `[^\w]`, `\x{3b1}`, `\Qa.\E`, "(?i:k)", "(?s:.)", "[k-sK]", `[\p{Lu}-]`, "1", " ", "Z",
}
var repeats = []string{"", "", "", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{0,2}", "{1,}", "{2}?", "{0}"}
var flags = []string{"", "", "", "", "(?i)", "(?s)", "(?m)", "(?U)", "(?im)"}

func draw(random *rand.Rand, depth int) string {
	var out strings.Builder
	for count := 1 + random.Intn(4); count > 0; count-- {
		if depth > 0 && random.Intn(4) == 0 {
			opening := []string{"(", "(?:", "(?i:", "(?P<n>"}[random.Intn(4)]
			out.WriteString(opening + draw(random, depth-1) + ")")
		} else {
			out.WriteString(atoms[random.Intn(len(atoms))])
		}
		out.WriteString(repeats[random.Intn(len(repeats))])
		if random.Intn(6) == 0 {
			out.WriteString("|")
		}
	}
	return out.String()
}

func ask(pattern string) answer {
	compiled, err := regexp.Compile(pattern)
	if err != nil {
		return answer{Pattern: pattern, Error: err.Error()}
	}
	found := make([][]string, len(texts))
	for index, text := range texts {
		found[index] = compiled.FindAllString(text, -1)
	}
	return answer{Pattern: pattern, Found: found}
}

func folded(name string) string {
	return strings.ToLower(strings.NewReplacer(" ", "", "-", "", "_", "").Replace(name))
}

func main() {
	result := table{Go: "1.26", Texts: texts, Classes: map[string]string{}}
	for name := range unicode.Categories {
		result.Classes[folded(name)] = name
	}
	for alias, name := range unicode.CategoryAliases {
		result.Classes[folded(alias)] = name
	}
	for name := range unicode.Scripts {
		result.Classes[folded(name)] = name
	}
	for _, pattern := range byHand {
		result.Answers = append(result.Answers, ask(pattern))
	}
	random := rand.New(rand.NewSource(1))
	for len(result.Answers) < len(byHand)+1200 {
		result.Answers = append(result.Answers, ask(flags[random.Intn(len(flags))]+draw(random, 2)))
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(result); err != nil {
		panic(err)
	}
}
