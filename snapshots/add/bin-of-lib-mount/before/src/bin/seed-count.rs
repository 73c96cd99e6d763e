fn main() {
    println!("42 seeds");
}
