// Prints random JavaScript expressions beside what they are as JSON, one pair a line: oracle.mjs SEED COUNT.
let state = Number(process.argv[2]) * 2654435761 + 1;
const random = (n) => {
	state = (Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9) >>> 0;
	return (state >>> 8) % n;
};
const pick = (list) => list[random(list.length)];
const chars = [..."abc xyz 019 \\\\ {}{} %s $x #'\"'\"``\t", "é", "漢", "😀", "\n", "\r", "\0", "\u2028", "${", "\ud800", "/*", "//"];
const text = () => Array.from({ length: random(9) }, () => pick(chars)).join("");

const escaped = (c, quote) => {
	const o = c.codePointAt(0);
	const ways = [`\\u{${o.toString(16)}}`];
	if (o < 256) ways.push(`\\x${o.toString(16).padStart(2, "0")}`);
	if (o < 65536) ways.push(`\\u${o.toString(16).padStart(4, "0")}`);
	const named = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\", "\0": "\\x00", "'": "\\'", '"': '\\"', "`": "\\`", $: "\\$" }[c];
	const plain = c !== "\\" && c !== quote && c !== "\r" && c !== "$" && (quote === "`" || c !== "\n") && !(o >= 0xd800 && o < 0xe000);
	if (plain && random(5) > 0) return c;
	return named && random(3) > 0 ? named : pick(ways);
};
const literal = (s) => {
	const quote = pick(["'", '"', "`"]);
	let body = [...s].map((c) => escaped(c, quote)).join("");
	if (random(8) === 0) body += "\\\n";
	if (random(8) === 0) body += pick(["\\q", "\\\u2028", "\\v", "\\b"]);
	return quote + body + quote;
};
const string = () => (random(4) > 0 ? literal(text()) : `${literal(text())} ${pick(["+", "+ // it's\n", "/* \" */ +"])} ${literal(text())}`);
const number = () => pick(["0x1F", "0XfF", "0b101", "0o17", "1_000", ".5", "5.", "1e3", "2.5E-2", "-1", "- 1", "+1", "9007199254740991", "0", "1.50", "-.25", "010", "089"]);
const space = () => pick(["", "", " ", "\n", " // it's\n", "/* \" */"]);
const value = (depth = 0) => {
	const kind = random(depth < 3 ? 8 : 4);
	if (kind < 2) return string();
	if (kind === 2) return number();
	if (kind === 3) return pick(["true", "false", "null", depth > 0 ? "undefined" : "null"]);
	if (kind === 4) return `(${value(depth + 1)})`;
	const items = Array.from({ length: random(4) }, () => value(depth + 1));
	const end = items.length > 0 ? pick(["", ","]) : "";
	if (kind === 5) return `[${space()}${items.join(`,${space()}`)}${end}${space()}]`;
	const key = (n) => pick([`k${n}`, String(n), `0x${n}`, `.${n + 1}`, `1e${n + 30}`, literal(`ü${n}`).replaceAll("`", '"'), `["c${n}"]`, `$${n}_`]);
	return `{${space()}${items.map((v, n) => (random(9) === 0 ? `...{ s${n}: ${v} }` : `${key(n)}${pick([":", " : "])}${space()}${v}`)).join(`,${space()}`)}${end}}`;
};
for (let n = Number(process.argv[3]); n > 0; n--) {
	const source = value();
	let want;
	try {
		// biome-ignore lint/security/noGlobalEval: what it evaluates was made above
		want = JSON.stringify((0, eval)(`(${source})`));
	} catch {
		continue; // a template with an octal escape, two keys of one name
	}
	if (want !== undefined) console.log(JSON.stringify({ source, want }));
}
