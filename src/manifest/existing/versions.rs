//! Whether a requirement that is there leaves room for the one that is needed.
//! Pure.

use semver::{Comparator, Op, Version, VersionReq};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// One version does for both.
    Shared,
    /// Cargo would have to choose one version for both, and none does.
    Stuck,
    /// Two versions can stand side by side.
    Apart,
}

/// `theirs` with the version that is locked for it, if any, against `ours`. What cannot be read fits: cargo decides.
pub fn fit(theirs: &str, locked: Option<&str>, ours: &str) -> Fit {
    let (Ok(theirs), Ok(ours)) = (VersionReq::parse(theirs), VersionReq::parse(ours)) else {
        return Fit::Shared;
    };
    let locked = locked.and_then(|version| Version::parse(version).ok());
    let shared = match &locked {
        Some(version) => ours.matches(version),
        None => overlap(&theirs, &ours),
    };
    let series: Vec<_> = floors(&theirs)
        .chain(locked)
        .map(|version| line(&version))
        .collect();
    if shared {
        Fit::Shared
    } else if floors(&ours).any(|version| series.contains(&line(&version)))
        || overlap(&theirs, &ours)
    {
        Fit::Stuck
    } else {
        Fit::Apart
    }
}

/// The highest lower bound lies in both, if anything does.
fn overlap(one: &VersionReq, other: &VersionReq) -> bool {
    let zero = Version::new(0, 0, 0);
    let mut candidates = floors(one).chain(floors(other)).chain([zero]);
    candidates.any(|version| one.matches(&version) && other.matches(&version))
}

/// The lowest version of each comparator that has one.
fn floors(requirement: &VersionReq) -> impl Iterator<Item = Version> {
    requirement.comparators.iter().filter_map(floor)
}

fn floor(comparator: &Comparator) -> Option<Version> {
    let Comparator {
        op,
        major,
        minor,
        patch,
        ..
    } = comparator;
    let (minor_or_0, patch_or_0) = (minor.unwrap_or(0), patch.unwrap_or(0));
    let version = match (op, minor, patch) {
        (Op::Less | Op::LessEq, ..) => return None,
        (Op::Greater, None, _) => Version::new(major + 1, 0, 0),
        (Op::Greater, Some(minor), None) => Version::new(*major, minor + 1, 0),
        (Op::Greater, Some(minor), Some(patch)) => Version::new(*major, *minor, patch + 1),
        _ => Version {
            pre: comparator.pre.clone(),
            ..Version::new(*major, minor_or_0, patch_or_0)
        },
    };
    Some(version)
}

/// Versions of one line are compatible: cargo has only one of them in a build.
fn line(version: &Version) -> (u64, u64, u64) {
    match (version.major, version.minor) {
        (0, 0) => (0, 0, version.patch),
        (0, minor) => (0, minor, 0),
        (major, _) => (major, 0, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_lock_file_the_ranges_must_meet() {
        for theirs in [
            "0.8",
            "0.8.4",
            "^0.8",
            "~0.8.1",
            "=0.8.9",
            ">=0.7, <0.9",
            "*",
            "0.8.*",
            ">0.7",
            "<1",
        ] {
            assert_eq!(fit(theirs, None, "0.8"), Fit::Shared, "{theirs}");
        }
        for theirs in ["0.7", "0.7.9", "=0.7.1", "1", "<0.8", ">=0.9"] {
            assert_eq!(fit(theirs, None, "0.8"), Fit::Apart, "{theirs}");
        }
        assert_eq!(fit(">1.2", None, "1"), Fit::Shared);
        assert_eq!(fit("2", None, "1"), Fit::Apart);
    }

    #[test]
    fn a_locked_version_decides() {
        assert_eq!(
            fit(">=0.7, <0.9", Some("0.7.9"), "0.8"),
            Fit::Stuck,
            "an update would do"
        );
        assert_eq!(fit("0.12", Some("0.12.4"), "0.13"), Fit::Apart);
        assert_eq!(fit("1", Some("1.20.0"), "1.40"), Fit::Stuck);
        assert_eq!(fit("1", Some("1.44.0"), "1.40"), Fit::Shared);
    }

    #[test]
    fn a_pinned_older_version_of_the_same_line_cannot_stand_beside_a_newer_one() {
        assert_eq!(fit("=1.20", None, "1.40"), Fit::Stuck);
        assert_eq!(fit("=0.22.0", None, "0.22.1"), Fit::Stuck);
    }

    #[test]
    fn what_is_no_requirement_is_left_to_cargo() {
        assert_eq!(fit("newest", None, "1"), Fit::Shared);
    }
}
