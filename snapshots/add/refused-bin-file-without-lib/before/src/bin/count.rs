fn main() {
    println!("two binaries");
}
