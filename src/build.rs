//! Build script: `include_dir!` notices changed templates but not new ones; this makes cargo look at the folder.

fn main() {
    println!("cargo:rerun-if-changed=templates");
}
