//! Each replication as columns, for data frames: Parquet, compressed with zstd.
//!
//! Written as the run goes, in groups of rows of one size, so that memory does not grow with the run. A missing number
//! is null. What the columns mean stands in the file itself, see [`words`].

pub mod words;

use std::io;
use std::sync::Arc;

use ::parquet::basic::{
    Compression, Encoding, LogicalType, Repetition, Type as Physical, ZstdLevel,
};
use ::parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::{EnabledStatistics, WriterProperties};
use ::parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use ::parquet::schema::types::{Type, TypePtr};
use jiff::civil::date;

use crate::experiment::run::Played;
use crate::metric::catalogue::{CATALOGUE, Definition};
use crate::metric::layout::{Group, Layout};
use crate::model::calendar::Month;
use crate::output::csv::Names;
use crate::output::folder::{PARQUET, PARQUET_GROUPS};

/// Numbers held until a group of rows is written: 32 MB.
const HELD: usize = 1 << 22;

/// Of whom the rows of a file speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// The service: one row a replication, policy and month, each metric a column.
    Service,
    /// Each team, stage and grade: a row for each of them, each metric that any of them has a column.
    Groups,
}

impl Whom {
    /// The file that has them.
    pub fn file(self) -> &'static str {
        match self {
            Whom::Service => PARQUET,
            Whom::Groups => PARQUET_GROUPS,
        }
    }
}

/// One table of replications while it is written.
pub struct Replications<W: io::Write + Send> {
    file: SerializedFileWriter<W>,
    whom: Whom,
    policies: Vec<ByteArray>,
    /// Days since 1 January 1970.
    month_ends: Vec<i32>,
    /// Columns of one row of a record.
    columns: usize,
    /// Rows of one month: the names of their group, and the place in the record of each metric.
    each: Vec<Each>,
    held: Held,
    /// Rows of a full group.
    rows: usize,
}

/// One group of people or cases.
struct Each {
    /// Team, stage and grade; those that it does not speak of are empty.
    names: [Option<ByteArray>; 3],
    places: Vec<Option<usize>>,
}

/// Rows that wait until there are enough of them.
#[derive(Default)]
struct Held {
    rows: usize,
    replications: Vec<i64>,
    worlds: Vec<i64>,
    policies: Vec<ByteArray>,
    month_ends: Vec<i32>,
    names: [Optional<ByteArray>; 3],
    metrics: Vec<Optional<f64>>,
}

/// A column with gaps: the values there are, and for each row 1 where there is one and 0 where not.
#[derive(Default)]
struct Optional<T> {
    values: Vec<T>,
    is_there: Vec<i16>,
}

impl<T> Optional<T> {
    fn push(&mut self, value: Option<T>) {
        self.is_there.push(i16::from(value.is_some()));
        self.values.extend(value);
    }

    fn clear(&mut self) {
        self.values.clear();
        self.is_there.clear();
    }
}

impl<W: io::Write + Send> Replications<W> {
    /// Of whom its rows speak.
    pub fn whom(&self) -> Whom {
        self.whom
    }

    /// Begins a file.
    ///
    /// * `policies` - names, in the order of the plan
    /// * `said` - what the file says of itself, by name
    ///
    /// # Errors
    /// Those of `out`.
    pub fn new(
        out: W,
        whom: Whom,
        policies: &[String],
        (layout, months, names): (&Layout, &[Month], &Names),
        said: Vec<(String, String)>,
    ) -> io::Result<Replications<W>> {
        let metrics = metrics(whom, layout);
        let groups = groups(whom, layout);
        let each: Vec<Each> = groups
            .iter()
            .map(|group| Each {
                names: names
                    .cells(*group)
                    .map(|name| (!name.is_empty()).then(|| ByteArray::from(name))),
                places: metrics
                    .iter()
                    .map(|d| layout.index(0, d.metric, *group))
                    .collect(),
            })
            .collect();
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            // Where a column has too many different numbers for a dictionary, equal bytes stand together.
            .set_encoding(Encoding::BYTE_STREAM_SPLIT)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_created_by(format!("casecap {}", env!("CARGO_PKG_VERSION")))
            .set_key_value_metadata(Some(said.into_iter().map(pair).collect()));
        let properties = text_columns(whom)
            .into_iter()
            .chain(NUMBERED)
            .fold(properties, |p, name| {
                p.set_column_encoding(name.into(), Encoding::PLAIN)
            });
        let file =
            SerializedFileWriter::new(out, schema(whom, &metrics)?, Arc::new(properties.build()))?;
        let held = Held {
            metrics: metrics.iter().map(|_| Optional::default()).collect(),
            ..Held::default()
        };
        Ok(Replications {
            file,
            whom,
            policies: policies
                .iter()
                .map(|name| ByteArray::from(name.as_str()))
                .collect(),
            month_ends: months.iter().map(|m| days_since_1970(m.last_day)).collect(),
            columns: layout.columns().len(),
            rows: (HELD / metrics.len().max(1)).max(1),
            each,
            held,
        })
    }

    /// Takes one replication under each policy.
    ///
    /// # Errors
    /// Those of the file.
    pub fn write(&mut self, played: Played<'_>) -> io::Result<()> {
        let length = played.records.len() / self.policies.len().max(1);
        // Numbers of replications and worlds stay far below 2^63.
        let (replication, world) = (played.replication as i64, played.world as i64);
        let records = played.records.chunks(length.max(1));
        for (at, record) in (0..self.policies.len()).zip(records) {
            for month in 0..self.month_ends.len() {
                let row = &record[month * self.columns..];
                for each in &self.each {
                    let held = &mut self.held;
                    held.rows += 1;
                    held.replications.push(replication);
                    held.worlds.push(world);
                    held.policies.push(self.policies[at].clone());
                    held.month_ends.push(self.month_ends[month]);
                    for (column, name) in held.names.iter_mut().zip(&each.names) {
                        column.push(name.clone());
                    }
                    for (column, place) in held.metrics.iter_mut().zip(&each.places) {
                        let value = place.map(|place| row[place]);
                        column.push(value.filter(|v| v.is_finite()));
                    }
                }
                if self.held.rows >= self.rows {
                    self.write_held()?;
                }
            }
        }
        Ok(())
    }

    /// Ends the file and gives back what it was written to.
    ///
    /// * `said` - what the file says of itself beside what it said at the beginning
    ///
    /// # Errors
    /// Those of the file.
    pub fn finish(mut self, said: Vec<(String, String)>) -> io::Result<W> {
        if self.held.rows > 0 {
            self.write_held()?;
        }
        for said in said {
            self.file.append_key_value_metadata(pair(said));
        }
        self.file.into_inner().map_err(disk)
    }

    fn write_held(&mut self) -> io::Result<()> {
        let held = &mut self.held;
        let mut group = self.file.next_row_group().map_err(disk)?;
        let file = &mut group;
        column::<Int64Type, W>(file, &held.replications, None)?;
        column::<Int64Type, W>(file, &held.worlds, None)?;
        column::<ByteArrayType, W>(file, &held.policies, None)?;
        column::<Int32Type, W>(file, &held.month_ends, None)?;
        if self.whom == Whom::Groups {
            for names in &held.names {
                column::<ByteArrayType, W>(file, &names.values, Some(&names.is_there))?;
            }
        }
        for metric in &held.metrics {
            column::<DoubleType, W>(file, &metric.values, Some(&metric.is_there))?;
        }
        group.close().map_err(disk)?;
        held.rows = 0;
        held.replications.clear();
        held.worlds.clear();
        held.policies.clear();
        held.month_ends.clear();
        held.names.iter_mut().for_each(Optional::clear);
        held.metrics.iter_mut().for_each(Optional::clear);
        Ok(())
    }
}

fn column<T: DataType, W: io::Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &[T::T],
    is_there: Option<&[i16]>,
) -> io::Result<()> {
    let Some(mut column) = group.next_column().map_err(disk)? else {
        return Err(io::Error::other(
            "the table has fewer columns than its schema",
        ));
    };
    column
        .typed::<T>()
        .write_batch(values, is_there, None)
        .map_err(disk)?;
    column.close().map_err(disk)
}

/// The groups that have rows, in the order of the record's columns.
fn groups(whom: Whom, layout: &Layout) -> Vec<Group> {
    let all = layout.columns().iter().map(|column| column.group);
    let mut groups: Vec<Group> = all
        .filter(|g| (*g == Group::Service) == (whom == Whom::Service))
        .collect();
    groups.sort_unstable();
    groups.dedup();
    groups
}

/// The metrics that have columns, in the order of the catalogue.
fn metrics(whom: Whom, layout: &Layout) -> Vec<&'static Definition> {
    let groups = groups(whom, layout);
    let has = |d: &&Definition| {
        groups
            .iter()
            .any(|g| layout.index(0, d.metric, *g).is_some())
    };
    CATALOGUE.iter().filter(has).collect()
}

const NUMBERED: [&str; 3] = ["replication", "world", "month_end"];

fn text_columns(whom: Whom) -> Vec<&'static str> {
    match whom {
        Whom::Service => vec!["policy"],
        Whom::Groups => vec!["policy", "team", "stage", "grade"],
    }
}

fn schema(whom: Whom, metrics: &[&Definition]) -> io::Result<TypePtr> {
    let field = |name: &str, physical, logical: Option<LogicalType>, repetition| {
        let field = Type::primitive_type_builder(name, physical);
        let field = field.with_logical_type(logical).with_repetition(repetition);
        field.build().map(Arc::new)
    };
    let whole = |name| field(name, Physical::INT64, None, Repetition::REQUIRED);
    let text = |name, repetition| {
        field(
            name,
            Physical::BYTE_ARRAY,
            Some(LogicalType::String),
            repetition,
        )
    };
    let mut fields = vec![
        whole("replication"),
        whole("world"),
        text("policy", Repetition::REQUIRED),
        field(
            "month_end",
            Physical::INT32,
            Some(LogicalType::Date),
            Repetition::REQUIRED,
        ),
    ];
    if whom == Whom::Groups {
        fields.extend(["team", "stage", "grade"].map(|name| text(name, Repetition::OPTIONAL)));
    }
    fields.extend(
        metrics
            .iter()
            .map(|d| field(d.key, Physical::DOUBLE, None, Repetition::OPTIONAL)),
    );
    let fields = fields.into_iter().collect::<Result<_, _>>().map_err(disk)?;
    let schema = Type::group_type_builder("replications").with_fields(fields);
    schema.build().map(Arc::new).map_err(disk)
}

fn days_since_1970(day: jiff::civil::Date) -> i32 {
    let since = day.duration_since(date(1970, 1, 1));
    // Days of any calendar year fit.
    (since.as_hours() / 24) as i32
}

fn pair((name, text): (String, String)) -> KeyValue {
    KeyValue::new(name, text)
}

/// The error of the disk, where that was it.
fn disk(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(error) => match error.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(error) => io::Error::other(error),
        },
        other => io::Error::other(other),
    }
}

#[cfg(test)]
mod tests;
