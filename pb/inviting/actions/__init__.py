"""Write what is asked, invite, answer, and forget."""
