#[cfg(feature = "http")]
#[rustfmt::skip]
mod auth;
mod clipboard;

#[cfg(feature = "http")]
mod http;

#[cfg(feature = "http")]
#[tokio::main]
async fn main() -> std::io::Result<()> {
    let private = std::env::args().any(|argument| argument == "--private");
    if private {
        http::serve_private().await
    } else {
        http::serve().await
    }
}

#[cfg(not(feature = "http"))]
fn main() {
    println!("{}", clipboard::Clipboard::default().content());
}
