# What was decided about an incident and why, a few lines for the screen. Input: dispatchctl --json incident show.
include "words";
def items: if (.items | length) > 0 then ",备货" + ([.items[] | "\(.name)\(.quantity)\(.unit)"] | join("、")) else "" end;
def ended: if .state | IN("declined", "expired", "failed", "recalled") then " 【\(.state | zh)】" else "" end;
def sent:
  if .target == "device" then "      设备 \(.name)(\(.who)) \(.action | zh)"
  else
    "      \(if .target == "depot" then "仓库" else "派出" end) \(.name)(\(.who)) — \(.chosen_zh)" + items
    + (if .call_task then ";无在线终端,转电话任务 \(.call_task)" else "" end)
  end + ended;
def passed: [.choices[0:1][].passed[0:2][] | "\(.name):\(.why_zh)"] | if length > 0 then "      未派 " + join(";") else empty end;
def gap:
  "      ⚠ 缺口 " + (if .kind == "send" then (.skills | map(zh) | join("+")) + " \(.missing) 支" else "\(.item | zh) \(.missing)" end)
  + (if .why then ":\(.why | zh)" else "" end);
"    ┌ \(.id) \(if .playbook then .title else "没有预案匹配,待值班员核实" end) 优先级\(.priority) \(.grade | zh)"
  + (if .held and .playbook then " — 待值班员核实" else "" end),
(.orders[0:6][] | sent),
(if (.orders | length) > 6 then "      另有 \((.orders | length) - 6) 道派遣" else empty end),
passed,
(.needs[] | select(.missing > 0) | gap),
(if (.notices | length) > 0 then "      叫应 \(.notices | length) 人" else empty end)
