"""Prints random Python expressions beside what they are as JSON, one pair a line: oracle.py SEED COUNT."""

import json
import random
import sys

rnd = random.Random(int(sys.argv[1]))
CHARS = list("abc xyz 019 \\ \\n {}{} %s $x #'\"'\"`\t") + ["é", "漢", "😀", "\n", "\r", "\0", "\u2028", "'''", '"""', "\\N", "\x7f", "\ud800"]


def text():
    return "".join(rnd.choice(CHARS) for _ in range(rnd.randrange(9)))


def escaped(c, quote, long):
    o = ord(c)
    ways = [r"\x%02x" % o] if o < 256 else []
    ways += [r"\u%04x" % o] if o < 65536 else []
    ways += [r"\U%08x" % o]
    ways += ["\\%03o" % o] if o < 512 else []
    named = {"\n": r"\n", "\r": r"\r", "\t": r"\t", "\\": r"\\", "'": r"\'", '"': r"\"", "\0": r"\000"}.get(c)
    plain = c not in "\\\r\0" + quote and not (c == "\n" and not long) and not 0xD800 <= o < 0xE000
    if plain and rnd.random() < 0.8:
        return c
    if named and rnd.random() < 0.7:
        return named
    return rnd.choice(ways)


def literal(s):
    quote = rnd.choice("'\"")
    long = rnd.random() < 0.3
    if rnd.random() < 0.2:
        return repr(s)
    raw = all(c not in "\\\r\n\0" + quote and not 0xD800 <= ord(c) < 0xE000 for c in s) and rnd.random() < 0.5
    prefix = rnd.choice(["r", "R"] if raw else ["", "", "u"])
    body = "".join(c if raw else escaped(c, quote, long) for c in s)
    if rnd.random() < 0.2 and not raw:
        body = body.replace("{", "{{").replace("}", "}}")
        prefix = rnd.choice("fF")
    elif not raw and rnd.random() < 0.1:
        body += "\\\n"
    mark = quote * 3 if long else quote
    return prefix + mark + body + mark


def string(s):
    if len(s) < 2 or rnd.random() < 0.6:
        return literal(s)
    n = rnd.randrange(len(s))
    join = rnd.choice([" ", "\n  ", " + ", "  # a comment's end\n", ""])
    a, b = literal(s[:n]), literal(s[n:])
    if join == "" and (b[0] in "'\"" and a[-1] == b[0] or b[0].isalpha()):
        join = " "
    return "(" + a + join + b + ")"


def number():
    kind = rnd.randrange(6)
    n = rnd.choice([0, 1, 16, 255, 65536, 2**53 + 1, 2**63 - 1, rnd.randrange(10**6)])
    if kind == 0:
        return rnd.choice([hex, oct, bin])(n)
    if kind == 1:
        return f"{n:_}"
    if kind == 2:
        return rnd.choice([".5", "1.", "0.25", "1_0.0_1", "1e5", "1E-3", "2.5e+1", "00.5", "00"])
    return rnd.choice(["", "-", "- ", "+"]) + str(n)


def space():
    return rnd.choice(["", "", " ", "\n", "  # x\n", "\\\n"])


def value(depth=0):
    kind = rnd.randrange(9 if depth < 3 else 5)
    if kind < 2:
        return string(text())
    if kind == 2:
        return number()
    if kind == 3:
        return rnd.choice(["True", "False", "None"])
    if kind == 4:
        return "(" + value(depth + 1) + ")"
    items = [value(depth + 1) for _ in range(rnd.randrange(4))]
    end = rnd.choice(["", ","]) if items else ""
    if kind == 5:
        return "[" + space() + ("," + space()).join(items) + end + space() + "]"
    if kind == 6:
        return "(" + space() + ("," + space()).join(items) + ("," if items else "") + ")"
    if kind == 7:
        return "dict(" + ", ".join(f"k{n}={v}" for n, v in enumerate(items)) + end + ")"
    keys = [rnd.choice([literal("k%d" % n), str(n), "None" if n == 0 else literal("ü%d" % n)]) for n in range(len(items))]
    return "{" + space() + ("," + space()).join(f"{k}{rnd.choice([':', ' : '])}{space()}{v}" for k, v in zip(keys, items)) + end + "}"


for _ in range(int(sys.argv[2])):
    source = value()
    print(json.dumps({"source": source.encode("utf-8", "surrogatepass").decode("utf-8", "replace"), "want": json.dumps(eval(source))}))
