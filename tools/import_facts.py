#!/usr/bin/env python3
"""Converts fact tables (CSV) into the catalogue's TOML files: import_facts.py FACTS_DIR [CATALOG_DIR]

Reads FACTS_DIR/catalog/{chips,nodes,network,prices,export,export-rules}.csv and writes chips/, nodes/, network/,
prices/ and export/ below CATALOG_DIR (default: catalog). A blank cell is left out: what is unknown stays unknown.
Figures that contradict each other are printed and the exit status is 1."""
import csv
import os
import re
import sys

CHIP_ALIASES = {
    "v100-sxm-32gb": ["v100"], "a100-sxm-80gb": ["a100", "a100-sxm"], "a800-sxm": ["a800"], "h100-sxm": ["h100"],
    "h800": ["h800-sxm"], "h200-sxm": ["h200"], "b200-sxm": ["b200"], "b300-sxm": ["b300"],
    "ascend-910b3": ["ascend-910b", "910b"], "ascend-910c": ["910c"],
}
CHIP_NOTES = {
    "ascend-910b3": "the names ascend-910b and 910b, without a bin, are read as this bin: an assumption",
}
NODE_SLUGS = {  # name: (slug, aliases)
    "DGX-1V / HGX-2 class 8x V100": ("dgx-1v", ["hgx-v100"]),
    "DGX A100 640GB": ("dgx-a100", ["hgx-a100"]),
    "HGX A800 8x": ("hgx-a800", []),
    "DGX H100": ("dgx-h100", ["hgx-h100"]),
    "HGX H100 8x (China grey market 2024-07)": ("hgx-h100-cn-2024", []),
    "HGX H800 8x": ("hgx-h800", []),
    "HGX H20 8x 96GB": ("hgx-h20", ["hgx-h20-96gb"]),
    "HGX H20 8x 141GB": ("hgx-h20-141gb", []),
    "HGX H200 8x": ("hgx-h200", ["dgx-h200"]),
    "DGX B200": ("dgx-b200", ["hgx-b200"]),
    "DGX B300": ("dgx-b300", ["hgx-b300"]),
    "DGX B300 (China grey market 2026-06)": ("dgx-b300-cn-2026", []),
    "GB200 NVL72 (rack)": ("gb200-nvl72", []),
    "GB200 NVL72 compute tray": ("gb200-nvl72-tray", []),
    "GB300 NVL72 (rack)": ("gb300-nvl72", []),
    "VR200 NVL72 (rack, preliminary)": ("vr200-nvl72", []),
    "8x MI300X UBB": ("mi300x-8", []), "8x MI325X UBB": ("mi325x-8", []), "8x MI355X UBB": ("mi355x-8", []),
    "8x Gaudi 3 (HLS-3)": ("gaudi-3-8", ["hls-3"]),
    "TPU v5p cube slice": ("tpu-v5p", []), "TPU v6e host": ("tpu-v6e", []), "TPU7x Ironwood pod": ("tpu-7x", []),
    "trn1.32xlarge": ("trn1-32xlarge", []), "trn2.48xlarge": ("trn2-48xlarge", []),
    "Trn2 UltraServer": ("trn2-ultraserver", []), "Trn3 UltraServer": ("trn3-ultraserver", []),
    "Atlas 800 (9000) 8x 910A": ("atlas-800-9000", []),
    "Atlas 800T A2 8x 910B": ("atlas-800t-a2", []),
    "Atlas 800T A3 (8x 910C node)": ("atlas-800t-a3", []),
    "CloudMatrix 384 / Atlas 900 A3 SuperPoD": ("cloudmatrix-384", ["atlas-900-a3"]),
    "Atlas 950 SuperPoD": ("atlas-950", []), "Atlas 960 SuperPoD": ("atlas-960", []),
    "Cambricon X8 server": ("mlu370-x8-8", []), "Hygon K100_AI 8x": ("k100-ai-8", []),
    "MetaX C550 OAM 8x": ("c550-8", []), "Moore Threads S5000 8x": ("mtt-s5000-8", []),
    "T-Head PPU server (Panjiu)": ("panjiu-ppu-16", []), "Kunlunxin P800 8x": ("p800-8", []),
    "8x L20 PCIe box": ("l20-8", []), "8x L40S PCIe box": ("l40s-8", []), "8x RTX 4090 box": ("rtx-4090-8", []),
    "8x RTX PRO 6000 Server": ("rtx-pro-6000-8", []),
}
DOUBTS = []


def rows(facts, name):
    with open(os.path.join(facts, "catalog", name + ".csv"), encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def text(value):
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ").replace("\t", " ") + '"'


def number(value):
    float(value)
    return value


def with_unit(unit):
    return lambda value: text(f"{number(value)} {unit}")


def names(values):
    return "[" + ", ".join(text(value) for value in values) + "]"


def fields(row, spec):
    """Lines `key = value` for the columns of spec that are not blank: (key, column, converter)."""
    return [f"{key} = {convert(row[column].strip())}" for key, column, convert in spec if row[column].strip()]


def table(head, lines):
    return ["", head] + lines if lines else []


PROVENANCE = [("source", "source", text), ("confidence", "confidence", text), ("checked", "checked", text)]
NOTED = PROVENANCE + [("notes", "notes", text)]
PRICE = [("usd", "price_usd", with_unit("USD")), ("cny", "price_cny", with_unit("CNY")),
         ("source", "price_source", text)]


def write(catalog, path, lines):
    target = os.path.join(catalog, path)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def write_chips(catalog, chips, links_of):
    tflops = with_unit("TFLOP/s")
    for row in chips:
        slug = row["slug"]
        row["all_links"] = links_of.get(row["name"], "")
        note = CHIP_NOTES.get(slug)
        if note:
            row["notes"] = "; ".join(filter(None, [row["notes"], note]))
        row["dc"] = {"yes": "true", "no": "false"}[row["dc_marketed"]]
        lines = fields(row, [("name", "name", text)])
        if slug in CHIP_ALIASES:
            lines.append("aliases = " + names(CHIP_ALIASES[slug]))
        lines += fields(row, [
            ("vendor", "vendor", text), ("country", "country", text), ("year", "year", number),
            ("status", "status", text), ("process_nm", "process_nm", number), ("die_area_mm2", "die_area_mm2", number),
            ("tdp", "tdp_w", with_unit("W")), ("host_interface", "host_interface", text),
            ("all_links", "all_links", with_unit("GB/s")),
            ("datacenter_marketed", "dc", str), ("software", "software_stack", text)])
        lines += table("[peak]  # dense, without sparsity", fields(row, [
            ("fp64", "fp64_tflops", tflops), ("fp32", "fp32_tflops", tflops), ("tf32", "tf32_tflops", tflops),
            ("bf16", "bf16_tflops", tflops), ("fp16", "fp16_tflops", tflops), ("fp8", "fp8_tflops", tflops),
            ("int8", "int8_tops", tflops), ("fp4", "fp4_tflops", tflops)]))
        lines += table("[memory]", fields(row, [
            ("capacity", "memory_gb", with_unit("GB")), ("type", "memory_type", text),
            ("bandwidth", "memory_bw_gb_s", with_unit("GB/s")), ("l2", "l2_mb", with_unit("MB"))]))
        lines += table("[scale_up]  # per chip, per direction", fields(row, [
            ("link", "scale_up_link", text), ("bandwidth", "scale_up_bw_gb_s", with_unit("GB/s")),
            ("domain", "scale_up_domain_size", number)]))
        lines += table("[price]", fields(row, PRICE))
        lines += table("[provenance]", fields(row, NOTED))
        write(catalog, f"chips/{slug}.toml", lines)


def write_nodes(catalog, nodes, slug_of_chip):
    for row in nodes:
        if row["name"] not in NODE_SLUGS:
            DOUBTS.append(f"node {row['name']}: has no slug in this script")
            continue
        slug, aliases = NODE_SLUGS[row["name"]]
        row["chip_slug"] = slug_of_chip[row["chip"]]
        if row["cpu"] and row["cpus"]:
            row["cpu"] = f"{row['cpus']}x {row['cpu']}"
        elif row["cpus"]:
            row["cpu"] = f"{row['cpus']}x"
        lines = fields(row, [("name", "name", text)])
        if aliases:
            lines.append("aliases = " + names(aliases))
        lines += fields(row, [
            ("vendor", "vendor", text), ("chip", "chip_slug", text), ("chips", "chips_per_node", number),
            ("power", "node_power_kw", with_unit("kW")), ("cpu", "cpu", text),
            ("host_memory", "host_mem_gb", with_unit("GB")), ("cooling", "cooling", text)])
        lines += table("[scale_up]", fields(row, [
            ("domain", "scale_up_domain_size", number), ("note", "scale_up_note", text)]))
        lines += table("[nic]  # per NIC, per direction", fields(row, [
            ("count", "nics_per_node", number), ("bandwidth", "nic_gbps", with_unit("Gb/s")),
            ("type", "nic_type", text)]))
        lines += table("[price]", fields(row, PRICE))
        lines += table("[provenance]", fields(row, NOTED))
        write(catalog, f"nodes/{slug}.toml", lines)


def grouped(entries):
    groups = {}
    for row in entries:
        groups.setdefault(row["category"], []).append(row)
    return groups


def write_network(catalog, entries):
    for category, members in grouped(entries).items():
        lines = [f"category = {text(category)}"]
        for row in members:
            lines += table("[[gear]]", fields(row, [
                ("name", "name", text), ("vendor", "vendor", text), ("year", "year", number),
                ("capacity", "capacity_tbps", with_unit("Tb/s")), ("ports", "ports", number),
                ("port_speed", "port_gbps", with_unit("Gb/s")), ("buffer", "buffer_mb", with_unit("MB")),
                ("latency", "latency_ns", with_unit("ns")), ("power", "power_w", with_unit("W")),
                ("price", "price_usd", with_unit("USD")), ("price_source", "price_source", text),
                ("reach_m", "reach_m", number)] + NOTED))
        write(catalog, f"network/{category.replace('_', '-')}.toml", lines)


def write_prices(catalog, entries):
    is_number = re.compile(r"^-?\d+(\.\d+)?([eE][+-]?\d+)?$")
    for category, members in grouped(entries).items():
        lines = [f"category = {text(category)}"]
        for row in members:
            key, convert = ("value", number) if is_number.match(row["value"]) else ("text", text)
            lines += table("[[price]]", fields(row, [
                ("item", "item", text), ("provider", "provider", text), ("region", "region", text),
                ("term", "term", text), (key, "value", convert), ("unit", "unit", text), ("date", "date", text)] + NOTED))
        write(catalog, f"prices/{category.replace('_', '-')}.toml", lines)


def write_export(catalog, rules, records, slug_of_chip):
    lines = []
    for row in rules:
        lines += table("[[rule]]", fields(row, [
            ("id", "rule_id", text), ("effective", "effective", text), ("ends", "ends", text),
            ("instrument", "instrument", text), ("scope", "scope", text), ("test", "formula_or_test", text),
            ("threshold", "threshold", text), ("effect", "effect_for_china", text)] + PROVENANCE))
    write(catalog, "export/rules.toml", lines[1:])
    lines = []
    for row in records:
        row["chip"] = slug_of_chip[row["name"]]
        lines += table("[[record]]", fields(row, [
            ("chip", "chip", text), ("tpp", "tpp", number), ("tpp_format", "tpp_format", text),
            ("performance_density", "pd", number),
            ("rule_2022_10", "rule_2022_10_07", text), ("rule_2023_11", "rule_2023_11_17", text),
            ("letter_2025_04", "letter_2025_04", text), ("rule_2026_01", "rule_2026_01_15", text),
            ("tariff_2026_01", "tariff_25pct_2026_01_15", text), ("prc_chip_guidance", "gp10_prc_chip", text),
            ("status_2026_06", "us_to_cn_status_2026_06", text), ("confidence", "confidence", text)]))
    write(catalog, "export/records.toml", lines[1:])


def check(chips, nodes, records):
    """Figures of one row must agree with each other and with physics."""
    def value(row, column):
        return float(row[column]) if row[column] else None
    by_name = {row["name"]: row for row in chips}
    for row in chips:
        bf16, fp8, fp4 = value(row, "bf16_tflops"), value(row, "fp8_tflops"), value(row, "fp4_tflops")
        if bf16 and fp8 and not 0.99 <= fp8 / bf16 <= 4.5:
            DOUBTS.append(f"chip {row['slug']}: fp8 is {fp8 / bf16:.2f} times bf16")
        if fp8 and fp4 and not 1.9 <= fp4 / fp8 <= 4.1:
            DOUBTS.append(f"chip {row['slug']}: fp4 is {fp4 / fp8:.2f} times fp8")
        memory, bandwidth = value(row, "memory_gb"), value(row, "memory_bw_gb_s")
        if memory and bandwidth and not 5 <= bandwidth / memory <= 130:
            DOUBTS.append(f"chip {row['slug']}: reads its memory {bandwidth / memory:.1f} times a second")
    for row in nodes:
        chip, power, count = by_name[row["chip"]], value(row, "node_power_kw"), value(row, "chips_per_node")
        tdp = value(chip, "tdp_w")
        if power and tdp and not 0.95 <= power * 1000 / (tdp * count) <= 2.6 and "estimate" != row["confidence"]:
            DOUBTS.append(f"node {row['name']}: power is {power * 1000 / (tdp * count):.2f} times that of its chips")
    for row in records:
        tpp, area, density = value(row, "tpp"), value(row, "die_area_mm2"), value(row, "pd")
        if tpp and area and density and abs(tpp / area / density - 1) > 0.01:
            DOUBTS.append(f"export {row['name']}: density {density} is not {tpp / area:.2f}")


def main():
    facts = sys.argv[1]
    catalog = sys.argv[2] if len(sys.argv) > 2 else "catalog"
    chips, nodes, records = rows(facts, "chips"), rows(facts, "nodes"), rows(facts, "export")
    slug_of_chip = {row["name"]: row["slug"] for row in chips}
    check(chips, nodes, records)
    write_chips(catalog, chips, {row["name"]: row["io_bidir_gb_s"] for row in records})
    write_nodes(catalog, nodes, slug_of_chip)
    write_network(catalog, rows(facts, "network"))
    write_prices(catalog, rows(facts, "prices"))
    write_export(catalog, rows(facts, "export-rules"), records, slug_of_chip)
    for doubt in DOUBTS:
        print("doubtful: " + doubt)
    return 1 if DOUBTS else 0


if __name__ == "__main__":
    sys.exit(main())
