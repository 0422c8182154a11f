"""The parts of the offline verifier agree with the libraries and with the ledger's own code."""

import ast
import hashlib
import re
import sys

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.evidence import bundle, offline
from audit.evidence.offline import checking, ed25519, form, tree, words
from history import checkpoints, envelope, merkle

# RFC 8032, section 7.1, tests 1 to 3: public key, message, signature.
VECTORS = [
    ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
]  # fmt: skip
ORDER = ed25519.ORDER


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_the_signatures_of_the_standard(public, message, signature):
    given_ = [bytes.fromhex(text) for text in (public, signature, message)]
    assert ed25519.is_signed(*given_)
    assert not ed25519.is_signed(given_[0], given_[1], given_[2] + b"x")


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=300), st.integers(0, 511), st.integers(0, 255))
@settings(deadline=None, max_examples=60)
def test_signatures_agree_with_the_library(seed, message, bit, key_bit):
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = private.public_key().public_bytes_raw(), private.sign(message)
    assert ed25519.is_signed(public, signature, message)
    assert not ed25519.is_signed(public, _flipped(signature, bit), message)
    assert not ed25519.is_signed(_flipped(public, key_bit), signature, message)
    assert not ed25519.is_signed(public, signature, message + b"\0")
    scalar = int.from_bytes(signature[32:], "little") + ORDER  # the same number, written in another way
    assert not ed25519.is_signed(public, signature[:32] + scalar.to_bytes(32, "little"), message)


@pytest.mark.parametrize("public", [b"", b"\0" * 31, b"\xff" * 32, b"\2" + b"\0" * 31])
def test_what_is_no_key_signs_nothing(public):
    assert not ed25519.is_signed(public, b"\0" * 64, b"")
    assert not ed25519.is_signed(bytes.fromhex(VECTORS[0][0]), public, b"")


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=70), st.data())
@settings(deadline=None)
def test_the_tree_agrees_with_the_ledger(leaves, data):
    ours, theirs, nodes, roots = tree.Tree(), merkle.Growing(), {}, []
    for number, leaf in enumerate(leaves):
        ours.add(leaf)
        nodes[0, number] = leaf
        nodes.update(theirs.add(leaf))
        roots.append(theirs.root())
        assert ours.root() == theirs.root()
    size, read = len(leaves), lambda places: {place: nodes[place] for place in places}
    number = data.draw(st.integers(0, size - 1))
    path = merkle.inclusion_proof(number, size, read)
    assert tree.root_with(leaves[number], number, size, path) == roots[-1]
    assert merkle.inclusion_proofs(range(size), size, read)[number] == path
    assert tree.root_with(leaves[number], number, size, [*path, b"x" * 32]) != roots[-1]
    assert tree.root_with(b"x" * 32, number, size, path) != roots[-1]
    older = number + 1
    path = merkle.consistency_proof(older, size, read)
    assert tree.continues(older, roots[number], size, roots[-1], path)
    assert not tree.continues(older, b"x" * 32, size, roots[-1], path)
    assert not tree.continues(older, roots[number], size, b"x" * 32, path)
    assert not tree.continues(older, roots[number], size, roots[-1], [*path, b"x" * 32])


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(max_codepoint=126)), inner),
    max_leaves=12,
)


@given(PLAIN)
@settings(deadline=None)
def test_canonical_json_agrees_with_the_library(value):
    raw = rfc8785.dumps(value)
    assert form.canonical_json(value) == raw
    assert form.read_json(raw) == value


@pytest.mark.parametrize(
    "raw", [b"1.0", b"1e2", b"NaN", b"9007199254740992", b"1" * 5000, b'{"a":1,"a":2}', b"\xff", b"[" * 100_000, b"{", b""]
)  # fmt: skip
def test_what_could_be_read_in_two_ways_is_refused(raw):
    with pytest.raises(ValueError):
        form.read_json(raw)


def test_text_that_is_no_unicode_has_no_canonical_form():
    with pytest.raises(ValueError):
        form.canonical_json(form.read_json(b'"\\ud800"'))


def test_both_sides_speak_of_the_same():
    assert tuple(form.COLUMNS) == envelope.COLUMNS
    assert checking.FORMAT == bundle.FORMAT
    assert checking.short_code("ab" * 32) == checkpoints.short_code("ab" * 32)
    assert form.text_digest("s", {"a": "Đ"}) == envelope.text_digest("s", {"a": "Đ"})
    assert set(form.NOTE) == {field for field in checkpoints.Note.__dataclass_fields__}


def test_every_fault_has_its_words_in_both_languages_and_none_is_unused():
    text = offline.source()
    for code, (vietnamese, english) in words.WORDS.items():
        assert text.count(f'"{code}"') > 1, code
        assert vietnamese and english and vietnamese != english
    for name, sentences in words.SAID.items():
        assert len(re.findall(rf"""["']{name}["']""", text)) > 1, name
        assert len({tuple(sorted(re.findall(r"{\w+}", sentence))) for sentence in sentences}) == 1, name


class TestTheFile:
    """`verify.py` is one file: no name twice, the standard library alone, and nothing that could reach out."""

    @pytest.fixture
    def module(self):
        return ast.parse(offline.source())

    def test_no_name_is_given_twice(self, module):
        given_ = [node.name for node in module.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
        for node in module.body:
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            given_ += [target.id for target in targets if isinstance(target, ast.Name)]
        assert sorted(given_) == sorted(set(given_))

    def test_it_imports_the_standard_library_alone(self, module):
        found = set()
        for node in ast.walk(module):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                found.add(node.module.split(".")[0])
        assert found <= set(sys.stdlib_module_names) - {
            "socket",
            "urllib",
            "http",
            "subprocess",
            "ctypes",
            "pickle",
        }

    def test_it_writes_no_file(self, module):
        calls = [node for node in ast.walk(module) if isinstance(node, ast.Call)]
        opened = [node for node in calls if ast.unparse(node.func) == "open"]
        assert opened and all(ast.unparse(node.args[1]) == "'rb'" for node in opened)
        assert not [
            node
            for node in calls
            if ast.unparse(node.func).endswith(("extract", "extractall", "exec", "eval"))
        ]


def _flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def test_an_event_is_hashed_as_the_log_hashes_its_leaf():
    event = {name: "" for name in form.COLUMNS} | {
        "sequence": 1,
        "automatic": False,
        "data": {"a": ["Đ", None]},
    }
    assert form.event_hash(event) == hashlib.sha256(b"\0" + rfc8785.dumps(event)).digest()
