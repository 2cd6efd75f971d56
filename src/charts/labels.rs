//! Labels: how wide they are, how they are cut, and how they keep out of each other's way.

/// How wide a letter is on average, for texts of 13 pixels.
const LETTER: f64 = 7.4;

/// About how wide a text is.
pub(crate) fn width_of(text: &str) -> f64 {
    text.chars().count() as f64 * LETTER
}

/// A text of at most so many pixels, with an ellipsis where it was cut.
pub(crate) fn cut(text: &str, pixels: f64) -> String {
    let most = (pixels / LETTER) as usize;
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// Places near those wanted, in the same order, each at least `gap` from the next, and none outside of `range` as far as there is room.
pub(crate) fn apart(wanted: &[f64], gap: f64, range: (f64, f64)) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|a, b| wanted[*a].total_cmp(&wanted[*b]));
    let mut places = wanted.to_vec();
    let mut least = range.0;
    for place in &order {
        places[*place] = places[*place].max(least);
        least = places[*place] + gap;
    }
    let mut most = range.1.max(range.0 + gap * wanted.len().saturating_sub(1) as f64);
    for place in order.iter().rev() {
        places[*place] = places[*place].min(most);
        most = places[*place] - gap;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_move_apart_and_stay_inside() {
        assert_eq!(apart(&[10.0, 11.0, 50.0], 14.0, (0.0, 100.0)), [10.0, 24.0, 50.0]);
        assert_eq!(apart(&[99.0, 98.0], 14.0, (0.0, 100.0)), [100.0, 86.0]);
        assert_eq!(apart(&[], 14.0, (0.0, 100.0)), Vec::<f64>::new());
    }

    #[test]
    fn long_names_are_cut() {
        assert_eq!(cut("short", 100.0), "short");
        assert_eq!(cut("a rather long name", 60.0), "a rathe…");
    }
}
