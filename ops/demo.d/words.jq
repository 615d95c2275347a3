# The words of core/words.c that the demonstration's screen needs, in Chinese; one that is missing stays English.
def zh: {
  general: "一般", larger: "较大", major: "重大", extreme: "特别重大",
  issued: "已下达", delivered: "已送达", accepted: "已接令", en_route: "赶赴中", arrived: "已到场", done: "已完成",
  declined: "已谢绝", expired: "未应答", recalled: "已召回", failed: "途中失败", closed: "已结案", cancelled: "已撤销",
  ordered: "已派令", acknowledged: "已接令", on_scene: "已到场", returning: "返回中", effective: "见效",
  busy: "都有任务在身", no_stock: "库存不足", no_carrier: "无运送力量", no_link: "终端不在线", no_device: "附近无设备",
  off_shift: "不在班", lacks_skill: "无此技能", fewer_than_asked: "数量不足", no_effect: "未见效", held: "等待值班员",
  water_rescue: "水上救援", medic: "医疗", fire: "消防", police: "公安", grid_worker: "网格员", pump_crew: "排涝",
  utility: "市政抢修", traffic: "交通", gas: "燃气", rescue: "救援", transport: "运输", inspector: "执法", agronomy: "农技",
  drone: "无人机", volunteer: "志愿者", say: "喊话", start: "启动", fly: "起飞", pump_mobile: "移动泵", sandbag: "沙袋",
  generator: "发电机", life_jacket: "救生衣", resolved: "已解决", "false": "误报"
}[.] // .;
