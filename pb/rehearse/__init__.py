"""Play a whole evening over HTTP against a running server, through the pages that people use."""
