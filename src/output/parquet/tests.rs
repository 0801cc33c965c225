use super::*;
use crate::experiment::example;
use crate::experiment::plan::layout;
use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::record::{Field, Row};

/// The file of some replications whose every number is its place in the record, one of them missing.
fn written(whom: Whom, replications: u64) -> bytes::Bytes {
    let scenario = example::scenario();
    let layout = layout(&scenario);
    let shape = (&layout, scenario.calendar.reported(), &Names::of(&scenario));
    let mut table =
        Replications::new(Vec::new(), whom, &policies(), shape, said("seed", "7")).unwrap();
    let mut records: Vec<f64> = (0..2 * layout.len()).map(|at| at as f64).collect();
    records[layout.columns().len()] = f64::NAN;
    for replication in 0..replications {
        table
            .write(Played {
                replication,
                world: replication / 10,
                records: &records,
            })
            .unwrap();
    }
    table
        .finish(said("replications", &replications.to_string()))
        .unwrap()
        .into()
}

fn said(name: &str, text: &str) -> Vec<(String, String)> {
    vec![(name.to_owned(), text.to_owned())]
}

fn policies() -> [String; 2] {
    ["no limit", "hard 3"].map(str::to_owned)
}

fn rows(file: &bytes::Bytes) -> Vec<Row> {
    let reader = SerializedFileReader::new(file.clone()).unwrap();
    let rows = reader.get_row_iter(None).unwrap();
    rows.map(|row| row.unwrap()).collect()
}

fn field<'a>(row: &'a Row, name: &str) -> &'a Field {
    row.get_column_iter().find(|(n, _)| *n == name).unwrap().1
}

#[test]
fn each_replication_policy_and_month_is_a_row_with_every_metric_of_the_service() {
    let layout = layout(&example::scenario());
    let rows = rows(&written(Whom::Service, 12));
    assert_eq!(rows.len(), 12 * 2 * 3);
    for (at, row) in rows.iter().enumerate() {
        let (replication, policy, month) = (at / 6, at / 3 % 2, at % 3);
        assert_eq!(field(row, "replication"), &Field::Long(replication as i64));
        assert_eq!(field(row, "world"), &Field::Long(replication as i64 / 10));
        assert_eq!(
            field(row, "policy"),
            &Field::Str(policies()[policy].clone())
        );
        // 31 October 2025 is day 20,392 after 1 January 1970.
        assert_eq!(
            field(row, "month_end"),
            &Field::Date([20_392, 20_422, 20_453][month])
        );
        for definition in &CATALOGUE {
            let place = layout
                .index(month, definition.metric, Group::Service)
                .unwrap();
            let place = policy * layout.len() + place;
            let expected = if place == layout.columns().len() {
                Field::Null
            } else {
                Field::Double(place as f64)
            };
            assert_eq!(field(row, definition.key), &expected, "{}", definition.key);
        }
        assert_eq!(row.len(), 4 + CATALOGUE.len());
    }
}

#[test]
fn each_team_stage_and_grade_has_its_row_and_what_it_is_not_measured_by_is_null() {
    let layout = layout(&example::scenario());
    let rows = rows(&written(Whom::Groups, 2));
    // One team would repeat the service; there is one stage and one grade.
    assert_eq!(rows.len(), 2 * 2 * 3 * 2);
    let (stage, grade) = (&rows[0], &rows[1]);
    let name = |row, key| field(row, key).to_string();
    assert_eq!(
        ["team", "stage", "grade"].map(|k| name(stage, k)),
        ["null", "\"open\"", "null"]
    );
    assert_eq!(
        ["team", "stage", "grade"].map(|k| name(grade, k)),
        ["null", "null", "\"worker\""]
    );
    for definition in &CATALOGUE {
        let key = definition.key;
        let has_column = definition.by_stage || definition.by_grade;
        assert_eq!(
            stage.get_column_iter().any(|(n, _)| n == key),
            has_column,
            "{key}"
        );
        for (row, group) in [(stage, Group::Stage(0)), (grade, Group::Grade(0))] {
            if has_column {
                let place = layout.index(0, definition.metric, group);
                let expected = place.map_or(Field::Null, |place| Field::Double(place as f64));
                assert_eq!(field(row, key), &expected, "{key}");
            }
        }
    }
}

#[test]
fn rows_are_written_in_groups_of_one_size_and_compressed() {
    let scenario = example::scenario();
    let layout = layout(&scenario);
    let shape = (&layout, scenario.calendar.reported(), &Names::of(&scenario));
    let mut table =
        Replications::new(Vec::new(), Whom::Service, &policies(), shape, Vec::new()).unwrap();
    table.rows = 50;
    let records = vec![1.0; 2 * layout.len()];
    for replication in 0..20 {
        let played = Played {
            replication,
            world: 0,
            records: &records,
        };
        table.write(played).unwrap();
        assert!(table.held.rows < 50);
    }
    let reader =
        SerializedFileReader::new(bytes::Bytes::from(table.finish(Vec::new()).unwrap())).unwrap();
    let groups = reader.metadata().row_groups();
    let sizes: Vec<i64> = groups.iter().map(|g| g.num_rows()).collect();
    assert_eq!(sizes, [50, 50, 20]);
    for column in groups[0].columns() {
        assert!(matches!(column.compression(), Compression::ZSTD(_)));
    }
}

#[test]
fn the_file_says_what_was_known_before_the_run_and_what_after_it() {
    let reader = SerializedFileReader::new(written(Whom::Service, 3)).unwrap();
    let told = reader
        .metadata()
        .file_metadata()
        .key_value_metadata()
        .unwrap();
    let value = |key: &str| told.iter().find(|kv| kv.key == key).unwrap().value.clone();
    assert_eq!(value("seed").as_deref(), Some("7"));
    assert_eq!(value("replications").as_deref(), Some("3"));
}

#[test]
fn every_column_of_a_file_is_defined_in_it() {
    let scenario = example::scenario();
    let layout = layout(&scenario);
    let run = crate::output::manifest::tests::manifest("a", 1);
    for whom in [Whom::Service, Whom::Groups] {
        let told = words::of_run(&run, whom, &layout);
        let columns = told.iter().find(|(name, _)| name == "columns").unwrap();
        let columns: serde_json::Value = serde_json::from_str(&columns.1).unwrap();
        let names = columns
            .as_array()
            .unwrap()
            .iter()
            .map(|c| c["name"].as_str().unwrap());
        let schema = schema(whom, &metrics(whom, &layout)).unwrap();
        assert!(names.eq(schema.get_fields().iter().map(|f| f.name())));
        let has_unit = |c: &&serde_json::Value| {
            c.get("unit")
                .is_some_and(|u| !u.as_str().unwrap().is_empty())
        };
        let measured = columns.as_array().unwrap().iter().filter(has_unit).count();
        assert_eq!(measured, metrics(whom, &layout).len());
    }
}

#[test]
fn an_error_of_the_disk_is_told_as_such() {
    struct Full;
    impl io::Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let scenario = example::scenario();
    let layout = layout(&scenario);
    let shape = (&layout, scenario.calendar.reported(), &Names::of(&scenario));
    let mut table = Replications::new(Full, Whom::Service, &policies(), shape, Vec::new()).unwrap();
    table.rows = 6;
    let records: Vec<f64> = (0..2 * layout.len()).map(|at| (at as f64).sqrt()).collect();
    let error = (0..)
        .find_map(|replication| {
            let played = Played {
                replication,
                world: 0,
                records: &records,
            };
            table.write(played).err()
        })
        .unwrap();
    assert_eq!(error.kind(), io::ErrorKind::StorageFull);
}
