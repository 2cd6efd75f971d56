//! Reading what a program prints, without keeping more than a little of it.

use std::collections::VecDeque;
use std::io::Read;

use crate::outcome::Console;

/// Reads a stream to its end and keeps its first and its last half of `most` bytes.
pub(crate) fn drain(mut stream: impl Read, most: usize) -> Console {
    let (head_most, tail_most) = (most / 2, most - most / 2);
    let (mut head, mut tail) = (Vec::new(), VecDeque::<u8>::new());
    let mut written = 0_u64;
    let mut buffer = vec![0; 64 << 10];
    loop {
        let read = match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(_) => break,
        };
        written += read as u64;
        let mut bytes = &buffer[..read];
        let (first, rest) = bytes.split_at(bytes.len().min(head_most - head.len()));
        head.extend_from_slice(first);
        bytes = &rest[rest.len().saturating_sub(tail_most)..];
        tail.drain(..(tail.len() + bytes.len()).saturating_sub(tail_most).min(tail.len()));
        tail.extend(bytes);
    }
    let gap_at = head.len();
    head.extend(tail);
    Console { kept: head, gap_at, written }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_stream_is_kept_whole() {
        let console = drain(&b"abcdef"[..], 6);
        assert_eq!((console.text().as_str(), console.thrown_away()), ("abcdef", 0));
    }

    #[test]
    fn of_a_long_stream_the_beginning_and_the_end_are_kept() {
        let text: String = (0..100_000).map(|line| format!("line {line}\n")).collect();
        let console = drain(text.as_bytes(), 40);
        assert_eq!(console.written, text.len() as u64);
        assert_eq!(console.kept.len(), 40);
        assert_eq!(&console.kept[..20], &text.as_bytes()[..20]);
        assert_eq!(&console.kept[20..], &text.as_bytes()[text.len() - 20..]);
        let shown = console.text();
        assert!(shown.contains(&format!("[... {} bytes are not kept ...]", text.len() - 40)), "{shown}");
        assert!(shown.ends_with("line 99999\n"));
    }

    #[test]
    fn nothing_at_all_may_be_kept() {
        let console = drain(&b"abc"[..], 0);
        assert_eq!((console.kept.len(), console.written), (0, 3));
    }
}
