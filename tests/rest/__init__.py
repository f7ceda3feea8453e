"""REST, asked through `http.wsgi.exchange`: no socket, no thread, no Flask test client."""
