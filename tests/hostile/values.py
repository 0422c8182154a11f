"""What no person types into a field, but what may be sent all the same."""

VALUES: dict[str, str] = {
    "NUL": "Lý do\x00xấu",
    "control": "Lý\x0b\x1b[31mdo\x85",
    "surrogate": "Lý do \ud800",
    "turned": "Quyết định \u202e15/QĐ\u202c",
    "isolate": "An\u2066 Giang\u200f",
    "noncharacter": "An \ufffe\U0001ffff",
    "marks": "a" + "\u0301\u0323" * 2000,
    "300": "đ" * 300,
    "100,000": "Ừ" * 100_000,
    "-1": "-1",
    "1e308": "1e308",
    "NaN": "NaN",
    "infinite": "-inf",
    "bigint": str(2**63),
    "5,000 digits": "9" * 5000,
    "other digits": "٣٤²",
    "last day": "31/12/9999",
    "first day": "01/01/0001",
    "empty": "",
    "blank": " \u200b\t",
    "percent": "%s%(x)s{0}{{ x }}\\",
    "markup": "<script>'\";--</script>",
    "identity": "00000000-0000-4000-8000-00000000000g",
}
NAMES = (  # of files
    "\x00.pdf", "../../../../etc/passwd", "x" * 300 + ".pdf", "bao\u202efdp.exe", "CON", ".", "", 'a"; filename="b.pdf',
    "a\r\nX-Header: 1.pdf", "e" + "\u0301" * 500 + ".pdf", "%00.pdf",
)  # fmt: skip
