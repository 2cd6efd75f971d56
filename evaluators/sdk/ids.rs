//! Ids in one piece of memory.

use std::cmp::Ordering;
use std::ops::Index;

/// Texts in their order, one after the other in one piece of memory: a million ids cost their bytes and little more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ids {
    text: String,
    count: usize,
    /// The length of every id while all are equally long.
    width: usize,
    /// Where each id ends; nothing while all are equally long.
    ends: Vec<u64>,
}

impl Ids {
    /// Adds an id behind the others.
    pub fn push(&mut self, id: &str) {
        if self.count == 0 {
            self.width = id.len();
        } else if self.ends.is_empty() && id.len() != self.width {
            self.ends.extend((1..=self.count as u64).map(|number| number * self.width as u64));
        }
        self.text.push_str(id);
        self.count += 1;
        if !self.ends.is_empty() {
            self.ends.push(self.text.len() as u64);
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The id at a position, if there are so many.
    pub fn get(&self, position: usize) -> Option<&str> {
        (position < self.count).then(|| &self[position])
    }

    /// The ids, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        (0..self.count).map(|position| &self[position])
    }

    /// The position of an id among ids that are sorted; else where it would stand.
    pub fn binary_search(&self, id: &str) -> Result<usize, usize> {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = low.midpoint(high);
            match self[middle].cmp(id) {
                Ordering::Less => low = middle + 1,
                Ordering::Equal => return Ok(middle),
                Ordering::Greater => high = middle,
            }
        }
        Err(low)
    }

    /// The bytes of the id at a position.
    #[inline]
    pub(crate) fn bytes(&self, position: usize) -> &[u8] {
        let (start, end) = self.bounds(position);
        &self.text.as_bytes()[start..end]
    }

    #[inline]
    fn bounds(&self, position: usize) -> (usize, usize) {
        match self.ends.get(position) {
            Some(end) => {
                let start = if position == 0 { 0 } else { self.ends[position - 1] };
                (start as usize, *end as usize)
            }
            None => (position * self.width, (position + 1) * self.width),
        }
    }
}

impl Index<usize> for Ids {
    type Output = str;

    fn index(&self, position: usize) -> &str {
        let (start, end) = self.bounds(position);
        &self.text[start..end]
    }
}

impl<S: AsRef<str>> FromIterator<S> for Ids {
    fn from_iter<I: IntoIterator<Item = S>>(texts: I) -> Self {
        let mut ids = Self::default();
        for text in texts {
            ids.push(text.as_ref());
        }
        ids
    }
}

impl From<Vec<String>> for Ids {
    fn from(ids: Vec<String>) -> Self {
        ids.into_iter().collect()
    }
}

impl<const N: usize> PartialEq<[&str; N]> for &Ids {
    fn eq(&self, other: &[&str; N]) -> bool {
        self.iter().eq(other.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_keep_their_order_whatever_their_lengths() {
        for texts in
            [vec![], vec!["", ""], vec!["aa", "bb", "cc"], vec!["", "aa", "b", "ccc", "é"], vec!["", "a"]]
        {
            let ids: Ids = texts.iter().collect();
            assert_eq!(ids.iter().collect::<Vec<_>>(), texts);
            assert_eq!((ids.len(), ids.is_empty()), (texts.len(), texts.is_empty()));
            assert_eq!(ids.get(texts.len()), None);
            assert!(texts.iter().enumerate().all(|(position, text)| ids.bytes(position) == text.as_bytes()));
            assert!(
                ["", "aa", "b", "é"]
                    .iter()
                    .all(|text| ids.binary_search(text).is_ok() == texts.contains(text))
            );
        }
    }
}
