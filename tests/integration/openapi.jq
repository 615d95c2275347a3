# openapi.jq: what of a JSON answer is not as schemas/openapi.yaml documents it; one line a fault. For test_daemon_api.sh.
# Input: the answer. $defs: {schema: {parents: […], fields: {name: {type, nullable, ref, items}}}}; $name: the schema; $where.

def fields_of($name): $defs[$name] | [.parents[] as $parent | fields_of($parent)] + [.fields] | add;

def kind: if type == "number" then (if . == floor then "integer" else "number" end) else type end;

def value_faults($spec; $where):
	def object_faults($name; $at):
		. as $value
		| fields_of($name) as $fields
		| if $value | type != "object" then "\($at): no object"
		  else
			($fields | keys[] | select(. as $key | $value | has($key) | not) | "\($at).\(.): missing"),
			($value | keys[] | select(. as $key | $fields | has($key) | not) | "\($at).\(.): not documented"),
			($fields | to_entries[] | . as $field | $value
				| select(has($field.key)) | .[$field.key] | value_faults($field.value; "\($at).\($field.key)"))
		  end;
	if . == null then (if $spec.nullable then empty else "\($where): null" end)
	elif $spec.ref then object_faults($spec.ref; $where)
	elif $spec.type == "number" and type == "number" then empty
	elif $spec.type != kind then "\($where): \(kind), documented \($spec.type)"
	elif type == "array" then .[] | value_faults($spec.items; "\($where)[]")
	elif $spec.format == "date-time" and (test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}[.][0-9]{3}Z$") | not) then "\($where): no time"
	else empty end;

[value_faults(if $list then {type: "array", items: {ref: $name}} else {ref: $name} end; $name)] | unique[]
