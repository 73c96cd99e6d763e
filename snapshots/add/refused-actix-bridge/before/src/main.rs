use std::sync::Arc;

use actix_web::{web, App, HttpServer};
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp_actix_web::transport::StreamableHttpService;

mod actor;

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let service = StreamableHttpService::builder()
        .service_factory(Arc::new(|| Ok(actor::Actor)))
        .session_manager(Arc::new(LocalSessionManager::default()))
        .build();
    HttpServer::new(move || App::new().service(web::scope("/mcp").service(service.clone().scope())))
        .bind(("127.0.0.1", 8000))?
        .run()
        .await
}
