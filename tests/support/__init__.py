"""What tests share: databases, a visitor who inspects every page, a made-up neighbourhood."""
