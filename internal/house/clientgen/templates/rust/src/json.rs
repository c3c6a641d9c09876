//! JSON (RFC 8259), as much of it as the API needs.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::Error;

/// A JSON value.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Json {
    #[default]
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    List(Vec<Json>),
    Object(BTreeMap<String, Json>),
}

/// Bytes, which JSON has as base64.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bytes(pub Vec<u8>);

/// What can be read from JSON, and written as such.
pub trait Value: Sized {
    fn read(from: &Json) -> Result<Self, Error>;
    fn write(&self) -> Json;
}

fn wrong<T>(want: &str, got: &Json) -> Result<T, Error> {
    Err(Error::Protocol(format!("want {want}, not {got:?}")))
}

impl Value for Json {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(from.clone())
    }
    fn write(&self) -> Json {
        self.clone()
    }
}

impl Value for bool {
    fn read(from: &Json) -> Result<Self, Error> {
        match from {
            Json::Bool(b) => Ok(*b),
            other => wrong("true or false", other),
        }
    }
    fn write(&self) -> Json {
        Json::Bool(*self)
    }
}

impl Value for i64 {
    fn read(from: &Json) -> Result<Self, Error> {
        match from {
            Json::Int(n) => Ok(*n),
            Json::Float(f) if f.fract() == 0.0 => Ok(*f as i64),
            other => wrong("a whole number", other),
        }
    }
    fn write(&self) -> Json {
        Json::Int(*self)
    }
}

impl Value for f64 {
    fn read(from: &Json) -> Result<Self, Error> {
        match from {
            Json::Int(n) => Ok(*n as f64),
            Json::Float(f) => Ok(*f),
            other => wrong("a number", other),
        }
    }
    fn write(&self) -> Json {
        Json::Float(*self)
    }
}

impl Value for String {
    fn read(from: &Json) -> Result<Self, Error> {
        match from {
            Json::Text(s) => Ok(s.clone()),
            other => wrong("text", other),
        }
    }
    fn write(&self) -> Json {
        Json::Text(self.clone())
    }
}

impl<T: Value> Value for Vec<T> {
    fn read(from: &Json) -> Result<Self, Error> {
        match from {
            Json::List(list) => list.iter().map(T::read).collect(),
            other => wrong("a list", other),
        }
    }
    fn write(&self) -> Json {
        Json::List(self.iter().map(T::write).collect())
    }
}

impl<T: Value> Value for BTreeMap<String, T> {
    fn read(from: &Json) -> Result<Self, Error> {
        match from {
            Json::Object(o) => o.iter().map(|(k, v)| Ok((k.clone(), T::read(v)?))).collect(),
            other => wrong("an object", other),
        }
    }
    fn write(&self) -> Json {
        Json::Object(self.iter().map(|(k, v)| (k.clone(), v.write())).collect())
    }
}

impl<T: Value> Value for Option<T> {
    fn read(from: &Json) -> Result<Self, Error> {
        match from {
            Json::Null => Ok(None),
            other => T::read(other).map(Some),
        }
    }
    fn write(&self) -> Json {
        self.as_ref().map_or(Json::Null, T::write)
    }
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

impl Value for Bytes {
    fn read(from: &Json) -> Result<Self, Error> {
        let text = String::read(from)?;
        let (mut out, mut bits, mut count) = (Vec::new(), 0u32, 0);
        for c in text.bytes().filter(|c| *c != b'=') {
            let Some(n) = ALPHABET.iter().position(|a| *a == c) else {
                return wrong("base64", from);
            };
            bits = bits << 6 | n as u32;
            count += 6;
            if count >= 8 {
                count -= 8;
                out.push((bits >> count) as u8);
            }
        }
        Ok(Bytes(out))
    }
    fn write(&self) -> Json {
        let mut out = String::new();
        for three in self.0.chunks(3) {
            let n = three.iter().fold(0u32, |n, b| n << 8 | u32::from(*b)) << (8 * (3 - three.len()));
            for i in 0..4 {
                out.push(if i <= three.len() { ALPHABET[(n >> (18 - 6 * i)) as usize & 63] as char } else { '=' });
            }
        }
        Json::Text(out)
    }
}

/// Reads a property; one that is missing is empty.
pub fn property<T: Value + Default>(from: &Json, name: &str) -> Result<T, Error> {
    match from {
        Json::Object(o) => match o.get(name) {
            None | Some(Json::Null) => Ok(T::default()),
            Some(v) => T::read(v),
        },
        other => wrong("an object", other),
    }
}

/// Makes an object; what is null is left out.
pub fn object(properties: Vec<(&str, Json)>) -> Json {
    Json::Object(properties.into_iter().filter(|(_, v)| *v != Json::Null).map(|(k, v)| (k.to_string(), v)).collect())
}

impl std::fmt::Display for Json {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Json::Null => f.write_str("null"),
            Json::Bool(b) => write!(f, "{b}"),
            Json::Int(n) => write!(f, "{n}"),
            Json::Float(n) if n.is_finite() => write!(f, "{n}"),
            Json::Float(_) => f.write_str("null"),
            Json::Text(s) => quote(f, s),
            Json::List(list) => {
                f.write_char('[')?;
                for (i, v) in list.iter().enumerate() {
                    if i > 0 {
                        f.write_char(',')?;
                    }
                    write!(f, "{v}")?;
                }
                f.write_char(']')
            }
            Json::Object(o) => {
                f.write_char('{')?;
                for (i, (k, v)) in o.iter().enumerate() {
                    if i > 0 {
                        f.write_char(',')?;
                    }
                    quote(f, k)?;
                    write!(f, ":{v}")?;
                }
                f.write_char('}')
            }
        }
    }
}

fn quote(f: &mut std::fmt::Formatter<'_>, s: &str) -> std::fmt::Result {
    f.write_char('"')?;
    for c in s.chars() {
        match c {
            '"' | '\\' => write!(f, "\\{c}")?,
            c if (c as u32) < 0x20 => write!(f, "\\u{:04x}", c as u32)?,
            c => f.write_char(c)?,
        }
    }
    f.write_char('"')
}

/// Reads a text.
pub fn parse(text: &str) -> Result<Json, Error> {
    let mut p = Parser { text: text.as_bytes(), at: 0 };
    let v = p.value(0)?;
    p.space();
    if p.at < p.text.len() {
        return p.fail("the end");
    }
    Ok(v)
}

struct Parser<'a> {
    text: &'a [u8],
    at: usize,
}

impl Parser<'_> {
    fn fail<T>(&self, want: &str) -> Result<T, Error> {
        Err(Error::Protocol(format!("JSON: want {want} at byte {}", self.at)))
    }

    fn space(&mut self) {
        while self.at < self.text.len() && self.text[self.at].is_ascii_whitespace() {
            self.at += 1;
        }
    }

    fn take(&mut self, c: u8) -> bool {
        self.space();
        let there = self.text.get(self.at) == Some(&c);
        self.at += usize::from(there);
        there
    }

    fn value(&mut self, depth: usize) -> Result<Json, Error> {
        if depth > 100 {
            return self.fail("less depth");
        }
        self.space();
        match self.text.get(self.at) {
            Some(b'{') => self.map(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => Ok(Json::Text(self.string()?)),
            Some(b't') => self.word("true", Json::Bool(true)),
            Some(b'f') => self.word("false", Json::Bool(false)),
            Some(b'n') => self.word("null", Json::Null),
            _ => self.number(),
        }
    }

    fn word(&mut self, word: &str, v: Json) -> Result<Json, Error> {
        if !self.text[self.at..].starts_with(word.as_bytes()) {
            return self.fail(word);
        }
        self.at += word.len();
        Ok(v)
    }

    fn list(&mut self, depth: usize) -> Result<Json, Error> {
        self.at += 1;
        let mut list = Vec::new();
        while !self.take(b']') {
            if !list.is_empty() && !self.take(b',') {
                return self.fail("a comma");
            }
            list.push(self.value(depth + 1)?);
        }
        Ok(Json::List(list))
    }

    fn map(&mut self, depth: usize) -> Result<Json, Error> {
        self.at += 1;
        let mut map = BTreeMap::new();
        while !self.take(b'}') {
            if !map.is_empty() && !self.take(b',') {
                return self.fail("a comma");
            }
            self.space();
            let key = self.string()?;
            if !self.take(b':') {
                return self.fail("a colon");
            }
            map.insert(key, self.value(depth + 1)?);
        }
        Ok(Json::Object(map))
    }

    fn number(&mut self) -> Result<Json, Error> {
        let from = self.at;
        while self.at < self.text.len() && b"+-.0123456789eE".contains(&self.text[self.at]) {
            self.at += 1;
        }
        let text = std::str::from_utf8(&self.text[from..self.at]).unwrap_or_default();
        if let Ok(n) = text.parse::<i64>() {
            return Ok(Json::Int(n));
        }
        text.parse().map(Json::Float).or_else(|_| self.fail("a value"))
    }

    fn string(&mut self) -> Result<String, Error> {
        if self.text.get(self.at) != Some(&b'"') {
            return self.fail("text");
        }
        self.at += 1;
        let mut out = Vec::new();
        loop {
            let Some(&c) = self.text.get(self.at) else {
                return self.fail("the end of a text");
            };
            self.at += 1;
            match c {
                b'"' => return String::from_utf8(out).or_else(|_| self.fail("UTF-8")),
                b'\\' => {
                    let c = self.escape()?;
                    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                }
                c => out.push(c),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Error> {
        let c = self.text.get(self.at).copied().unwrap_or_default();
        self.at += 1;
        Ok(match c {
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'u' => {
                let mut n = self.hex()?;
                if (0xd800..0xdc00).contains(&n) && self.text[self.at..].starts_with(b"\\u") {
                    self.at += 2;
                    n = 0x10000 + ((n - 0xd800) << 10) + (self.hex()?.wrapping_sub(0xdc00) & 0x3ff);
                }
                char::from_u32(n).unwrap_or('\u{fffd}')
            }
            b'"' | b'\\' | b'/' => c as char,
            _ => return self.fail("an escape"),
        })
    }

    fn hex(&mut self) -> Result<u32, Error> {
        let digits = self.text.get(self.at..self.at + 4).and_then(|d| std::str::from_utf8(d).ok());
        match digits.and_then(|d| u32::from_str_radix(d, 16).ok()) {
            Some(n) => {
                self.at += 4;
                Ok(n)
            }
            None => self.fail("four hexadecimal digits"),
        }
    }
}
