a symbolic link to ../shared.rs
