//! Temporary files that become results.

use std::path::Path;

/// A temporary file is private; results are not.
#[cfg(unix)]
pub(super) fn open_to_all(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let _ = std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644));
}

/// A temporary file is private; results are not.
#[cfg(not(unix))]
pub(super) fn open_to_all(_path: &Path) {}
