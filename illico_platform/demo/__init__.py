"""The demo: a real evening of a real PBX, and a generated company that falls short. It shows the product itself."""
