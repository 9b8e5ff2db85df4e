"""Draws a routed DEF file with KLayout: all of it, and a detail of 98 x 70 um.

klayout -b -rd def_file=FILE -rd lef_file=FILE -rd picture=NAME -r draw.py     NAME.png, NAME_detail.png

Cells are coloured by kind, fillers stay white. SPDX-License-Identifier: Apache-2.0
"""

import pya

WIDTH, HEIGHT = 1400, 1000
DETAIL_UM = pya.DVector(98, 70)
ORANGE, RED_CELL, GREY = 0xF4C27A, 0xE87A7A, 0xDCDCDC
BLUE, RED, GREEN, PURPLE = 0x6F8FC9, 0xC0392B, 0x2E8B57, 0x7D3C98
# Kinds of cells by the start of their name, and layers; what comes later covers what came before.
KINDS = {"DFF": ORANGE, "CLKBUF": RED_CELL, "": GREY}
METALS = {"metal1": BLUE, "metal2": RED, "metal3": GREEN, "metal4": PURPLE}


def layer_of(layout, name):
    return next((i for i in layout.layer_indexes() if layout.get_info(i).name == name), None)


def fill_cells(layout):
    """A layer for each kind with the outlines of its cells."""
    outline = layer_of(layout, "OUTLINE")
    layers = {kind: layout.layer(1000 + n, 0) for n, kind in enumerate(KINDS)}
    for cell in layout.each_cell():
        if cell.is_top() or cell.shapes(outline).is_empty() or cell.name.startswith("FILL"):
            continue
        kind = next(kind for kind in KINDS if cell.name.startswith(kind))
        cell.shapes(layers[kind]).insert(cell.bbox_per_layer(outline))
    return layers


def show(view, layout, layer, colour, frame):
    info, style = layout.get_info(layer), pya.LayerProperties()
    style.source = f"{info.layer}/{info.datatype}@1"
    style.fill_color, style.frame_color, style.dither_pattern = colour, frame, 0
    view.insert_layer(view.end_layers(), style)


options = pya.LoadLayoutOptions()
options.lefdef_config.lef_files = [lef_file]  # noqa: F821  these names come from -rd
options.lefdef_config.read_lef_with_def = False
options.lefdef_config.macro_resolution_mode = 1  # cells as the LEF file has them: there is no GDS
view = pya.LayoutView()
view.load_layout(def_file, options, True)  # noqa: F821
layout = view.active_cellview().layout()
view.clear_layers()
for kind, layer in fill_cells(layout).items():
    show(view, layout, layer, KINDS[kind], 0x909090)
for metal, colour in METALS.items():
    for layer in (layer_of(layout, metal), layer_of(layout, metal + ".PIN")):
        if layer is not None:
            show(view, layout, layer, colour, colour)
view.set_config("background-color", "#ffffff")
view.set_config("grid-visible", "false")
view.set_config("text-visible", "false")
view.max_hier()
view.zoom_fit()
view.save_image(f"{picture}.png", WIDTH, HEIGHT)  # noqa: F821
whole = layout.top_cell().dbbox()
corner = whole.p1 + (whole.p2 - whole.p1) / 3
view.zoom_box(pya.DBox(corner, corner + DETAIL_UM))
view.save_image(f"{picture}_detail.png", WIDTH, HEIGHT)  # noqa: F821
