//! What was added, taken out and decided anew.

use super::*;

/// # Errors
/// A `Refusal` if it is refused the second time.
#[track_caller]
pub fn the_same(once: &Merged, package: &Package, additions: &[(&str, &str)]) -> Result<()> {
    let member = without(&once.member, &once.contribution)?;
    let root = once.workspace.as_deref();
    let root = root.map(|root| without(root, &once.shared)).transpose()?;
    let manifests = Manifests {
        member: &member,
        workspace: root.as_deref(),
    };
    let again = add(&manifests, package, additions, once.gate.as_deref())?;
    assert_eq!(again.contribution, once.contribution);
    assert_eq!(again.shared, once.shared);
    assert_eq!(again.renames, once.renames);
    Ok(())
}
