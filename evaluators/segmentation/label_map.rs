//! Label maps: one whole number per pixel, read from PNG images or from rows of numbers.

use std::io::Cursor;

use png::{BitDepth, ColorType, Decoder, DecodingError, Transformations};
use sdk::{Code, Fault, Faults, JsonReader, Read};

/// The most pixels of one map.
const MOST_PIXELS: u64 = 1 << 26;

/// One whole number per pixel, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LabelMap {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) labels: Vec<u32>,
}

/// What the pixels of an image say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pixels {
    /// A grey level or the place in a palette: a class, an object.
    Labels,
    /// A colour that spells a number, `R + 256 G + 65536 B`.
    Colours,
}

impl LabelMap {
    /// Reads a PNG image; one of another size than wanted is refused before its pixels are unpacked.
    pub(crate) fn from_png(
        bytes: &[u8],
        pixels: Pixels,
        wanted: Option<(usize, usize)>,
    ) -> Result<Self, Faults> {
        let mut decoder = Decoder::new(Cursor::new(bytes));
        decoder.set_transformations(Transformations::IDENTITY);
        decoder.set_ignore_text_chunk(true);
        decoder.set_ignore_iccp_chunk(true);
        let mut reader = decoder.read_info().map_err(|error| Faults::one(broken(&error, bytes)))?;
        let (width, height) = (reader.info().width as usize, reader.info().height as usize);
        check_size(width, height, wanted)?;
        let (colour, depth) = reader.output_color_type();
        let wide = usize::from(depth == BitDepth::Sixteen) + 1;
        check_colour(colour, depth, pixels)?;
        let size = reader.output_buffer_size().ok_or_else(|| Faults::one(too_large()))?;
        let mut packed = vec![0; size];
        let frame = reader.next_frame(&mut packed).map_err(|error| Faults::one(broken(&error, bytes)))?;
        let mut labels = Vec::with_capacity(width * height);
        for row in packed.chunks_exact(frame.line_size).take(height) {
            match (colour, depth) {
                (ColorType::Rgb, _) => push_colours(&mut labels, row.chunks_exact(3)),
                (ColorType::Rgba, _) => push_colours(&mut labels, row.chunks_exact(4)),
                (ColorType::GrayscaleAlpha, _) => {
                    labels.extend(row.chunks_exact(2 * wide).map(|pixel| grey(&pixel[..wide])));
                }
                (_, BitDepth::Eight) => labels.extend(row.iter().map(|byte| u32::from(*byte))),
                (_, BitDepth::Sixteen) => labels.extend(row.chunks_exact(2).map(grey)),
                (_, BitDepth::One | BitDepth::Two | BitDepth::Four) => {
                    let bits = depth as usize;
                    let mask = (1_u32 << bits) - 1;
                    labels.extend((0..width).map(|at| {
                        let shift = 8 - bits - at * bits % 8;
                        (u32::from(row[at * bits / 8]) >> shift) & mask
                    }));
                }
            }
        }
        if labels.len() != width * height {
            let message = "the image ends early";
            let fault = Fault::whole(Code::WrongFormat, message, "a whole PNG image", "a cut one");
            return Err(Faults::one(fault));
        }
        Ok(Self { width, height, labels })
    }

    /// Reads rows of whole numbers, `[[0, 0, 1], [0, 1, 1]]`.
    pub(crate) fn from_rows(reader: &mut JsonReader<'_, '_>) -> Read<Self> {
        let before = reader.fault_count();
        let mut map = Self { width: 0, height: 0, labels: Vec::new() };
        let rows = reader.array(|reader, _| {
            let mut width = 0;
            reader.array(|reader, _| {
                if let Some(label) = reader.integer()? {
                    match u32::try_from(label) {
                        Ok(label) => map.labels.push(label),
                        Err(_) => {
                            let found = label.to_string();
                            reader.fault(Code::OutOfRange, "a label is a count", "a label from 0 up", found);
                        }
                    }
                }
                width += 1;
                Ok(())
            })?;
            if map.height > 0 && width != map.width {
                let (wanted, found) = (format!("{} labels", map.width), format!("{width}"));
                reader.fault(Code::WrongShape, "the rows of a map are equally long", wanted, found);
            }
            map.width = width;
            map.height += 1;
            Ok(())
        })?;
        if rows == Some(0) || (rows.is_some() && map.width == 0) {
            reader.fault(Code::WrongShape, "a map has pixels", "rows of labels", "none");
        }
        Ok((rows.is_some() && reader.fault_count() == before).then_some(map))
    }

    /// Width and height.
    pub(crate) fn size(&self) -> (usize, usize) {
        (self.width, self.height)
    }

    /// Fails unless the map has the wanted size.
    pub(crate) fn check_size(&self, wanted: (usize, usize)) -> Result<(), Faults> {
        check_size(self.width, self.height, Some(wanted))
    }

    /// Runs of equal labels, row after row.
    pub(crate) fn runs(&self) -> Vec<(u32, u32)> {
        self.labels.chunk_by(|a, b| a == b).map(|run| (run[0], run.len() as u32)).collect()
    }
}

/// The number of one grey pixel of one or two bytes.
fn grey(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte))
}

fn push_colours<'p>(labels: &mut Vec<u32>, pixels: impl Iterator<Item = &'p [u8]>) {
    labels.extend(
        pixels.map(|pixel| u32::from(pixel[0]) | u32::from(pixel[1]) << 8 | u32::from(pixel[2]) << 16),
    );
}

fn check_size(width: usize, height: usize, wanted: Option<(usize, usize)>) -> Result<(), Faults> {
    let found = format!("{width} x {height} pixels");
    let fault = match wanted {
        Some((wide, high)) if (wide, high) != (width, height) => Fault::whole(
            Code::WrongShape,
            "the map has another size than the image that it is of",
            format!("{wide} x {high} pixels"),
            found,
        )
        .hint("resize predictions to the original size with nearest-neighbour interpolation"),
        _ if width == 0 || height == 0 => {
            Fault::whole(Code::WrongShape, "the map has no pixel", "an image", found)
        }
        _ if width as u64 * height as u64 > MOST_PIXELS => Fault { found, ..too_large() },
        _ => return Ok(()),
    };
    Err(Faults::one(fault))
}

fn check_colour(colour: ColorType, depth: BitDepth, pixels: Pixels) -> Result<(), Faults> {
    let coloured = matches!(colour, ColorType::Rgb | ColorType::Rgba);
    let found = format!("{colour:?} with {} bits", depth as u8);
    let fault = match pixels {
        Pixels::Labels if coloured => Fault::whole(
            Code::WrongFormat,
            "the image has colours, not labels",
            "a grey or palette image whose values are labels",
            found,
        )
        .hint("save the label map itself (mode L or P), not a picture of it"),
        Pixels::Colours if !coloured || depth != BitDepth::Eight => Fault::whole(
            Code::WrongFormat,
            "the image has no colours of 8 bits that spell ids",
            "an RGB image with id = R + 256 G + 65536 B",
            found,
        ),
        Pixels::Labels | Pixels::Colours => return Ok(()),
    };
    Err(Faults::one(fault))
}

fn too_large() -> Fault {
    let most = format!("at most {MOST_PIXELS} pixels");
    Fault::whole(Code::TooLarge, "the map is too large", most, "more")
}

fn broken(error: &DecodingError, bytes: &[u8]) -> Fault {
    let kind = sdk::text::kind_of(bytes);
    match (bytes.starts_with(b"\xff\xd8\xff"), kind) {
        (true, _) => Fault::whole(Code::WrongFormat, "the image is a JPEG", "a PNG image", "a JPEG image")
            .hint("JPEG changes labels; save label maps as PNG"),
        (_, Some("a PNG image")) => {
            let found = sdk::text::quoted(&error.to_string());
            Fault::whole(Code::WrongFormat, "the PNG image is damaged", "a whole PNG image", found)
        }
        (_, kind) => {
            let found = kind.unwrap_or("a file of another kind");
            Fault::whole(Code::WrongFormat, "the file is no PNG image", "a PNG image", found)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An image of these packed rows.
    fn png(size: (u32, u32), colour: ColorType, depth: BitDepth, rows: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, size.0, size.1);
        encoder.set_color(colour);
        encoder.set_depth(depth);
        if colour == ColorType::Indexed {
            encoder.set_palette(vec![7; 48]);
        }
        encoder.write_header().unwrap().write_image_data(rows).unwrap();
        bytes
    }

    fn labels(colour: ColorType, depth: BitDepth, rows: &[u8]) -> Vec<u32> {
        LabelMap::from_png(&png((3, 2), colour, depth, rows), Pixels::Labels, Some((3, 2))).unwrap().labels
    }

    #[test]
    fn labels_of_every_depth_are_read() {
        let (grey, palette) = (ColorType::Grayscale, ColorType::Indexed);
        assert_eq!(labels(grey, BitDepth::One, &[0b1010_0000, 0b0110_0000]), [1, 0, 1, 0, 1, 1]);
        assert_eq!(labels(palette, BitDepth::Two, &[0b1101_0000, 0b0010_1100]), [3, 1, 0, 0, 2, 3]);
        assert_eq!(labels(palette, BitDepth::Four, &[0x1f, 0x20, 0x03, 0x40]), [1, 15, 2, 0, 3, 4]);
        assert_eq!(labels(grey, BitDepth::Eight, &[1, 2, 3, 253, 254, 255]), [1, 2, 3, 253, 254, 255]);
        let wide = [0, 1, 1, 0, 1, 1, 255, 255, 0, 0, 2, 0];
        assert_eq!(labels(grey, BitDepth::Sixteen, &wide), [1, 256, 257, 65535, 0, 512]);
        let with_alpha = [1, 0, 2, 255, 3, 9, 4, 0, 5, 0, 6, 0];
        assert_eq!(labels(ColorType::GrayscaleAlpha, BitDepth::Eight, &with_alpha), [1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn colours_spell_numbers() {
        let rows = [1, 2, 3, 255, 255, 255];
        let read = |colour, rows: &[u8]| {
            LabelMap::from_png(&png((2, 1), colour, BitDepth::Eight, rows), Pixels::Colours, None)
                .unwrap()
                .labels
        };
        assert_eq!(read(ColorType::Rgb, &rows), [1 + 2 * 256 + 3 * 65536, 16_777_215]);
        assert_eq!(read(ColorType::Rgba, &[1, 0, 0, 0, 0, 1, 0, 255]), [1, 256]);
    }

    #[test]
    fn runs_go_on_over_rows() {
        let map = LabelMap { width: 2, height: 2, labels: vec![1, 2, 2, 0] };
        assert_eq!(map.runs(), [(1, 1), (2, 2), (0, 1)]);
    }
}
