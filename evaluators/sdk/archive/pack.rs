//! Files into one zip archive, stored as they are.

use flate2::Crc;

/// Why files cannot be packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    /// The archive would need the wide layout, which is not written.
    #[error("an archive of more than 65535 files or 4 GiB is not written")]
    TooLarge,
    /// A name is longer than the layout can say.
    #[error("a name is longer than 65535 bytes")]
    LongName,
}

/// 1980-01-01, the first day that the layout can say: the same files always become the same bytes.
const DATE: u16 = 0x21;

/// Says that names are UTF-8.
const UTF_8: u16 = 1 << 11;

/// A zip archive of these files, `(path, content)`, in their order; nothing is compressed.
pub fn pack<'f>(files: impl IntoIterator<Item = (&'f str, &'f [u8])>) -> Result<Vec<u8>, PackError> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    let mut count = 0_u16;
    for (name, content) in files {
        let at = u32::try_from(archive.len()).map_err(|_| PackError::TooLarge)?;
        let size = u32::try_from(content.len()).map_err(|_| PackError::TooLarge)?;
        let name_length = u16::try_from(name.len()).map_err(|_| PackError::LongName)?;
        count = count.checked_add(1).filter(|count| *count < u16::MAX).ok_or(PackError::TooLarge)?;
        let mut checksum = Crc::new();
        checksum.update(content);
        // What the local header and the record of the directory have in common, from the version needed on.
        let mut common = Vec::with_capacity(26);
        for number in [20, UTF_8, 0, 0, DATE] {
            common.extend_from_slice(&number.to_le_bytes());
        }
        for number in [checksum.sum(), size, size] {
            common.extend_from_slice(&number.to_le_bytes());
        }
        common.extend_from_slice(&name_length.to_le_bytes());
        common.extend_from_slice(&[0; 2]);
        archive.extend_from_slice(b"PK\x03\x04");
        archive.extend_from_slice(&common);
        archive.extend_from_slice(name.as_bytes());
        archive.extend_from_slice(content);
        directory.extend_from_slice(b"PK\x01\x02\x14\x00");
        directory.extend_from_slice(&common);
        // No comment, the first disk, no attributes.
        directory.extend_from_slice(&[0; 10]);
        directory.extend_from_slice(&at.to_le_bytes());
        directory.extend_from_slice(name.as_bytes());
    }
    let at = u32::try_from(archive.len()).map_err(|_| PackError::TooLarge)?;
    let size = u32::try_from(directory.len()).map_err(|_| PackError::TooLarge)?;
    archive.append(&mut directory);
    archive.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    archive.extend_from_slice(&count.to_le_bytes());
    archive.extend_from_slice(&count.to_le_bytes());
    archive.extend_from_slice(&size.to_le_bytes());
    archive.extend_from_slice(&at.to_le_bytes());
    archive.extend_from_slice(&[0; 2]);
    Ok(archive)
}
