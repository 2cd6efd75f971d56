//! Ways in which a file goes wrong on its way from a laptop to a server.

/// What is wrong with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Breakage {
    /// The disk was full.
    Truncated,
    /// A clip that the task does not have.
    UnknownId,
    /// A clip was forgotten.
    MissingClip,
    /// A network gave NaN.
    NotANumber,
    /// It is for another task.
    WrongTask,
    /// It was packed.
    Archive,
}

/// The first two thirds of a file.
pub(super) fn truncated(mut file: Vec<u8>) -> Vec<u8> {
    file.truncate(file.len() * 2 / 3);
    file
}

/// The file with NaN in place of the first number behind `place`.
pub(super) fn with_nan(file: &[u8], place: &str) -> Vec<u8> {
    let text = String::from_utf8_lossy(file);
    let Some((before, behind)) = text.split_once(place) else { return file.to_vec() };
    let rest = behind.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    format!("{before}{place}NaN{rest}").into_bytes()
}

/// A zip archive that holds the file, not compressed.
pub(super) fn archived(name: &str, file: &[u8]) -> Vec<u8> {
    let checksum = crc32(file);
    let size = file.len() as u32;
    // What a local header and an entry of the directory have in common: version, flags, method, time, date, sizes.
    let mut common = Vec::new();
    for half in [20, 0, 0, 0, 0x5b76_u16] {
        common.extend(half.to_le_bytes());
    }
    for word in [checksum, size, size] {
        common.extend(word.to_le_bytes());
    }
    common.extend((name.len() as u16).to_le_bytes());
    common.extend([0; 2]);

    let local = [b"PK\x03\x04", common.as_slice(), name.as_bytes(), file].concat();
    let entry = [b"PK\x01\x02\x14\x00", common.as_slice(), &[0; 14], name.as_bytes()].concat();
    let mut end = b"PK\x05\x06\x00\x00\x00\x00\x01\x00\x01\x00".to_vec();
    end.extend((entry.len() as u32).to_le_bytes());
    end.extend((local.len() as u32).to_le_bytes());
    end.extend([0; 2]);
    [local, entry, end].concat()
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & 0_u32.wrapping_sub(crc & 1)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_zip() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn a_number_becomes_nan_and_the_rest_stays() {
        let broken = with_nan(b"{\"score\":0.5,\"more\":1}", "\"score\":");
        assert_eq!(broken, b"{\"score\":NaN,\"more\":1}");
    }
}
