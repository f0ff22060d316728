package core

// Issues of the text as JSON. All but CodeLooseJSON and CodeByteOrderMark are errors.
const (
	CodeLooseJSON             Code = "loose-json"             // not strict JSON, yet clear: comments, trailing commas, a JavaScript literal; a hint
	CodeByteOrderMark         Code = "byte-order-mark"        // the text starts with U+FEFF, which servers refuse; a warning
	CodePastedRequest         Code = "pasted-request"         // a command, a call or a record of another program that holds a request
	CodeEmptyDocument         Code = "empty-document"         // nothing but white space and comments
	CodeUnexpectedText        Code = "unexpected-text"        // characters that fit nowhere
	CodeStrayText             Code = "stray-text"             // text before or after the value
	CodeMissingComma          Code = "missing-comma"          // two members or elements with nothing between them
	CodeExtraComma            Code = "extra-comma"            // a comma with no value before it
	CodeWrongSeparator        Code = "wrong-separator"        // a semicolon instead of a comma, or = instead of a colon
	CodeMissingColon          Code = "missing-colon"          // a key and a value with nothing between them
	CodeMissingKey            Code = "missing-key"            // a member without a name
	CodeMissingValue          Code = "missing-value"          // a key without a value
	CodeMissingBraces         Code = "missing-braces"         // members without the braces around them
	CodeUnclosedString        Code = "unclosed-string"        // a quote is missing at one end of a string
	CodeUnclosedBracket       Code = "unclosed-bracket"       // the text, or an outer value, ends while brackets are open
	CodeMismatchedBracket     Code = "mismatched-bracket"     // a closing bracket of the wrong kind, or one too many
	CodeUnescapedQuote        Code = "unescaped-quote"        // a quote inside of a string without a backslash
	CodeBadEscape             Code = "bad-escape"             // a backslash followed by something that is no escape
	CodeControlCharacter      Code = "control-character"      // a line break, tab or other control character inside of a string
	CodeBadNumber             Code = "bad-number"             // like a number, but not one: 007, 1.2.3, 0,5
	CodeNotANumber            Code = "not-a-number"           // NaN or Infinity, which JSON cannot say
	CodePythonLiteral         Code = "python-literal"         // True, False, None, r"…", """…"""
	CodeSmartQuote            Code = "smart-quote"            // typographic quotes around a string
	CodeUnquotedString        Code = "unquoted-string"        // words where a string belongs
	CodeInvalidUTF8           Code = "invalid-utf8"           // bytes that are no UTF-8
	CodeLoneSurrogate         Code = "lone-surrogate"         // half of a surrogate pair as an escape, such as \ud83d alone
	CodeOddSpace              Code = "odd-space"              // a no-break or other Unicode space between tokens
	CodeUnsupportedExpression Code = "unsupported-expression" // program code whose value cannot be known
)
