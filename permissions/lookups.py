"""One lookup more: a key among many keys, sent to the database as one array instead of one by one."""

from typing import Any

from django.db.models import BigAutoField, ForeignKey, Lookup


@ForeignKey.register_lookup
@BigAutoField.register_lookup
class AnyOf(Lookup):
    """`unit__any_of=[1, 2]`: like `in`, for lists of thousands."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, parameters = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s)", [*parameters, self.rhs]
