//! Tables as Apache Parquet: the cells of a CSV file with the types that its columns have.

use std::sync::Arc;

use jiff::civil::Date;
use parquet::basic::{LogicalType, Repetition, Type as Physical};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::Type;

use super::record::{Column, ColumnKind};

/// Why a table is not written.
#[derive(Debug, thiserror::Error)]
pub enum ParquetRefusal {
    /// The file is no CSV.
    #[error("the table is no CSV file")]
    Csv(#[from] csv::Error),
    /// The file has other columns, in this or another order.
    #[error("the table has other columns than it says")]
    Columns,
    /// A cell is not of its column's kind.
    #[error("row {row}: {column} is not of its kind: {cell:?}")]
    Cell {
        /// The row, counted from 1 without the header.
        row: usize,
        /// The column.
        column: String,
        /// What stands there.
        cell: String,
    },
    /// It cannot be written.
    #[error("the table cannot be written as Parquet")]
    Parquet(#[from] ParquetError),
}

/// A CSV file of these columns, the names first, as Parquet: one row group, plain pages without compression; empty cells are absent.
///
/// Whole numbers are of 64 bits, numbers of double precision, dates are days since the beginning of 1970.
pub fn parquet(columns: &[Column], file: &[u8]) -> Result<Vec<u8>, ParquetRefusal> {
    let mut reader = csv::Reader::from_reader(file);
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    if reader.headers()?.iter().collect::<Vec<_>>() != names {
        return Err(ParquetRefusal::Columns);
    }
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>()?;
    let fields = columns.iter().map(|column| Ok(Arc::new(field(column)?)));
    let schema = Type::group_type_builder("table").with_fields(fields.collect::<Result<_, ParquetError>>()?);
    let properties = Arc::new(WriterProperties::builder().build());
    let mut writer = SerializedFileWriter::new(Vec::new(), Arc::new(schema.build()?), properties)?;
    let mut group = writer.next_row_group()?;
    for (place, column) in columns.iter().enumerate() {
        if let Some(mut target) = group.next_column()? {
            write(&mut target, column, rows.iter().map(|row| row.get(place).unwrap_or_default()))?;
            target.close()?;
        }
    }
    group.close()?;
    Ok(writer.into_inner()?)
}

fn field(column: &Column) -> Result<Type, ParquetError> {
    let (physical, logical) = match column.kind {
        ColumnKind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        ColumnKind::Integer => (Physical::INT64, None),
        ColumnKind::Number => (Physical::DOUBLE, None),
        ColumnKind::Boolean => (Physical::BOOLEAN, None),
        ColumnKind::Date => (Physical::INT32, Some(LogicalType::Date)),
    };
    Type::primitive_type_builder(&column.name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical)
        .build()
}

fn write<'c>(
    target: &mut SerializedColumnWriter<'_>,
    column: &Column,
    cells: impl Iterator<Item = &'c str> + Clone,
) -> Result<(), ParquetRefusal> {
    let levels: Vec<i16> = cells.clone().map(|cell| i16::from(!cell.is_empty())).collect();
    let levels = Some(levels.as_slice());
    match target.untyped() {
        ColumnWriter::ByteArrayColumnWriter(writer) => {
            let values = parsed(column, cells, |cell| Some(ByteArray::from(cell)))?;
            writer.write_batch(&values, levels, None)?;
        }
        ColumnWriter::Int64ColumnWriter(writer) => {
            writer.write_batch(&parsed(column, cells, |cell| cell.parse::<i64>().ok())?, levels, None)?;
        }
        ColumnWriter::DoubleColumnWriter(writer) => {
            writer.write_batch(&parsed(column, cells, |cell| cell.parse::<f64>().ok())?, levels, None)?;
        }
        ColumnWriter::BoolColumnWriter(writer) => {
            writer.write_batch(&parsed(column, cells, |cell| cell.parse::<bool>().ok())?, levels, None)?;
        }
        ColumnWriter::Int32ColumnWriter(writer) => {
            writer.write_batch(&parsed(column, cells, days)?, levels, None)?;
        }
        // The schema has no other physical types.
        _ => return Err(ParquetRefusal::Columns),
    }
    Ok(())
}

/// The values of the cells that are not empty.
fn parsed<'c, T>(
    column: &Column,
    cells: impl Iterator<Item = &'c str>,
    parse: impl Fn(&'c str) -> Option<T>,
) -> Result<Vec<T>, ParquetRefusal> {
    let told = cells.enumerate().filter(|(_, cell)| !cell.is_empty());
    told.map(|(row, cell)| {
        parse(cell).ok_or_else(|| ParquetRefusal::Cell {
            row: row + 1,
            column: column.name.clone(),
            cell: cell.to_owned(),
        })
    })
    .collect()
}

fn days(cell: &str) -> Option<i32> {
    let date: Date = cell.parse().ok()?;
    Some(date.since(Date::constant(1970, 1, 1)).ok()?.get_days())
}

#[cfg(test)]
mod tests {
    use parquet::file::reader::{FileReader, SerializedFileReader};

    use super::*;

    fn column(name: &str, kind: ColumnKind) -> Column {
        Column { name: name.to_owned(), description: String::new(), kind, references: None }
    }

    fn columns() -> Vec<Column> {
        vec![
            column("who", ColumnKind::Text),
            column("n", ColumnKind::Integer),
            column("share", ColumnKind::Number),
            column("is_over", ColumnKind::Boolean),
            column("on", ColumnKind::Date),
        ]
    }

    #[test]
    fn cells_keep_their_kinds_and_empty_ones_are_absent() {
        let file = b"who,n,share,is_over,on\n\"a, b\",60,0.25,true,1970-01-02\n,,,,\n";
        let written = parquet(&columns(), file).unwrap();
        let reader = SerializedFileReader::new(bytes::Bytes::from(written)).unwrap();
        let rows: Vec<String> =
            reader.get_row_iter(None).unwrap().map(|row| row.unwrap().to_string()).collect();
        assert_eq!(
            rows,
            [
                "{who: \"a, b\", n: 60, share: 0.25, is_over: true, on: 1970-01-02}",
                "{who: null, n: null, share: null, is_over: null, on: null}",
            ]
        );
    }

    #[test]
    fn a_table_of_nothing_has_its_columns() {
        let written = parquet(&columns(), b"who,n,share,is_over,on\n").unwrap();
        let reader = SerializedFileReader::new(bytes::Bytes::from(written)).unwrap();
        let schema = reader.metadata().file_metadata().schema_descr();
        assert_eq!((reader.metadata().file_metadata().num_rows(), schema.num_columns()), (0, 5));
    }

    #[test]
    fn what_is_not_of_its_kind_is_told_with_its_place() {
        let refusal = |file: &str| parquet(&columns(), file.as_bytes()).unwrap_err().to_string();
        let found = refusal("who,n,share,is_over,on\na,1,0,true,\nb,many,0,true,\n");
        assert_eq!(found, "row 2: n is not of its kind: \"many\"");
        assert_eq!(refusal("who,n\na,1\n"), "the table has other columns than it says");
        assert_eq!(refusal("who,n,share,is_over,on\na\n"), "the table is no CSV file");
    }
}
