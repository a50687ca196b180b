//! The part of JSON that certificates use: texts, whole numbers, lists, objects. May use only the standard library;
//! promises that everything else (fractions, true, null, deep nesting) is refused with its line.

const DEPTH_LIMIT: usize = 8;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Integer(i64),
    Text(String),
    List(Vec<Value>),
    Object(Vec<(String, Value)>),
}

impl Value {
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(fields) => fields.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    pub(crate) fn integer(&self, key: &str) -> Option<i64> {
        self.get(key).and_then(Self::as_integer)
    }

    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        match self.get(key)? {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) const fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Integer(value) => Some(*value),
            _ => None,
        }
    }

    pub(crate) fn as_list(&self) -> Option<&[Self]> {
        match self {
            Self::List(values) => Some(values),
            _ => None,
        }
    }

    /// A list of whole numbers.
    pub(crate) fn numbers(&self) -> Option<Vec<i64>> {
        self.as_list()?.iter().map(Self::as_integer).collect()
    }

    /// A list of lists of exactly `N` whole numbers.
    pub(crate) fn tuples<const N: usize>(&self) -> Option<Vec<[i64; N]>> {
        self.as_list()?.iter().map(|entry| <[i64; N]>::try_from(entry.numbers()?).ok()).collect()
    }

    pub(crate) fn numbers_of(values: impl IntoIterator<Item = i64>) -> Self {
        Self::List(values.into_iter().map(Self::Integer).collect())
    }

    /// One field a line, lists of numbers on one line, so that people can read it and version control can compare it.
    pub(crate) fn write(&self) -> String {
        let mut out = String::new();
        self.put(&mut out, 0);
        out.push('\n');
        out
    }

    fn put(&self, out: &mut String, depth: usize) {
        match self {
            Self::Integer(value) => out.push_str(&value.to_string()),
            Self::Text(text) => put_text(text, out),
            Self::List(values) => {
                out.push('[');
                for (place, value) in values.iter().enumerate() {
                    if place > 0 {
                        out.push(',');
                    }
                    value.put(out, depth + 1);
                }
                out.push(']');
            }
            Self::Object(fields) => {
                out.push_str("{\n");
                for (place, (name, value)) in fields.iter().enumerate() {
                    if place > 0 {
                        out.push_str(",\n");
                    }
                    out.push_str(&" ".repeat(depth + 1));
                    put_text(name, out);
                    out.push_str(": ");
                    value.put(out, depth + 1);
                }
                out.push('\n');
                out.push_str(&" ".repeat(depth));
                out.push('}');
            }
        }
    }
}

fn put_text(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if u32::from(c) < 32 => out.push(' '),
            c => out.push(c),
        }
    }
    out.push('"');
}

/// The value, or the line and what is wrong there.
pub(crate) fn parse(text: &[u8]) -> Result<Value, (usize, String)> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0).and_then(|value| {
        reader.space();
        if reader.at == text.len() { Ok(value) } else { Err("something follows the end".to_owned()) }
    });
    value.map_err(|what| {
        let seen = text.get(..reader.at.min(text.len())).unwrap_or_default();
        (seen.split(|&byte| byte == b'\n').count(), what)
    })
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn space(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    fn take(&mut self, wanted: u8) -> Result<(), String> {
        self.space();
        if self.peek() == Some(wanted) {
            self.at += 1;
            return Ok(());
        }
        Err(format!("“{}” is missing", char::from(wanted)))
    }

    /// After an element: true when another follows, false at `end`.
    fn more(&mut self, end: u8) -> Result<bool, String> {
        self.space();
        if self.peek() == Some(b',') {
            self.at += 1;
            return Ok(true);
        }
        self.take(end).map(|()| false)
    }

    fn value(&mut self, depth: usize) -> Result<Value, String> {
        if depth > DEPTH_LIMIT {
            return Err("it is nested too deeply".to_owned());
        }
        self.space();
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => self.string().map(Value::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(_) => Err("only texts, whole numbers, lists and objects can stand here".to_owned()),
            None => Err("the file ends too early".to_owned()),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, String> {
        self.take(b'{')?;
        let mut fields: Vec<(String, Value)> = Vec::new();
        self.space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Value::Object(fields));
        }
        loop {
            self.space();
            let name = self.string()?;
            if fields.iter().any(|(known, _)| *known == name) {
                return Err(format!("the field “{name}” stands there twice"));
            }
            self.take(b':')?;
            fields.push((name, self.value(depth + 1)?));
            if fields.len() > 64 {
                return Err("an object has too many fields".to_owned());
            }
            if !self.more(b'}')? {
                return Ok(Value::Object(fields));
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Value, String> {
        self.take(b'[')?;
        let mut values = Vec::new();
        self.space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Value::List(values));
        }
        loop {
            values.push(self.value(depth + 1)?);
            if !self.more(b']')? {
                return Ok(Value::List(values));
            }
        }
    }

    fn string(&mut self) -> Result<String, String> {
        self.take(b'"')?;
        let mut bytes = Vec::new();
        loop {
            let byte = self.peek().ok_or("a text is not closed")?;
            self.at += 1;
            match byte {
                b'"' => return String::from_utf8(bytes).map_err(|_| "a text is not UTF-8".to_owned()),
                b'\\' => {
                    let escaped = self.peek().filter(|byte| matches!(byte, b'"' | b'\\' | b'/'));
                    bytes.push(escaped.ok_or("only \\\", \\\\ and \\/ may be escaped")?);
                    self.at += 1;
                }
                0..=31 => return Err("a text is not closed on its line".to_owned()),
                byte => bytes.push(byte),
            }
        }
    }

    fn number(&mut self) -> Result<Value, String> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte == b'-' || byte.is_ascii_digit()) {
            self.at += 1;
        }
        if matches!(self.peek(), Some(b'.' | b'e' | b'E')) {
            return Err("a number is not whole".to_owned());
        }
        let digits = std::str::from_utf8(self.text.get(start..self.at).unwrap_or_default()).unwrap_or_default();
        digits.parse().map(Value::Integer).map_err(|_| format!("“{digits}” is not a whole number that fits"))
    }
}

#[cfg(test)]
mod tests {
    use super::{Value, parse};

    #[test]
    fn what_is_written_reads_back_the_same() {
        let value = Value::Object(vec![
            ("name".to_owned(), Value::Text("a \"b\" \\ é".to_owned())),
            ("list".to_owned(), Value::List(vec![Value::numbers_of([1, -2]), Value::numbers_of([])])),
            ("number".to_owned(), Value::Integer(i64::MIN)),
        ]);
        assert_eq!(parse(value.write().as_bytes()), Ok(value));
    }

    #[test]
    fn everything_else_is_refused_with_its_line() {
        for (text, line) in [
            ("", 1),
            ("{", 1),
            ("[1,]", 1),
            ("[1.5]", 1),
            ("[1e9]", 1),
            ("true", 1),
            ("[\n\nnull]", 3),
            ("\"a", 1),
            ("\"\\n\"", 1),
            ("{\"a\":1,\n\"a\":2}", 2),
            ("[1] 2", 1),
            ("99999999999999999999", 1),
            ("--1", 1),
            ("[[[[[[[[[[1]]]]]]]]]]", 1),
        ] {
            assert_eq!(parse(text.as_bytes()).map_err(|(line, _)| line), Err(line), "{text}");
        }
    }
}
