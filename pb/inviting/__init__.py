"""Who is asked: letters by lot and people of the network, what they are told and asked, and what they say."""
