"""The review of what is drawn with: matplotlib's names, each something of this project's own.

The tables have the shape of those in `reviewed.py`, which takes them in.
"""

from __future__ import annotations

from viz.program.allowlist.words import these, words

LET_IN: dict[str, set[str]] = {}
STAND_INS: dict[str, set[str]] = {
    "graphviz": these("Digraph Graph"),
    "matplotlib.animation": these("FuncAnimation"),
    "matplotlib.patches": these(
        "Rectangle Circle Polygon Ellipse Arc Wedge RegularPolygon FancyBboxPatch FancyArrowPatch"
        " Arrow Patch"
    ),
    "matplotlib.lines": these("Line2D"),
    "matplotlib.gridspec": these("GridSpec"),
    "matplotlib.colors": these("Normalize ListedColormap LinearSegmentedColormap"),
    "matplotlib.ticker": these(
        "MaxNLocator MultipleLocator FuncFormatter FormatStrFormatter LinearLocator AutoLocator"
        " AutoMinorLocator LogLocator FixedLocator NullLocator ScalarFormatter StrMethodFormatter"
        " PercentFormatter LogFormatter NullFormatter EngFormatter FixedFormatter"
    ),
    "matplotlib.cm": these(
        "get_cmap"
        + "".join(
            f" {name} {name}_r"
            for name in these(
                "viridis plasma inferno magma gray Greys jet hot coolwarm RdBu Blues Reds Greens"
                " rainbow Spectral tab10 bwr seismic RdYlBu RdYlGn cividis YlGnBu cool bone spring"
                " summer autumn winter copper hsv pink PiYG Purples Oranges binary turbo terrain"
                " twilight YlOrRd YlGn PuBu nipy_spectral Set1 Set2 Paired Dark2"
            )
        )
    ),
}

ATTRIBUTES: dict[str, set[str]] = {
    "Axes": these(
        "plot semilogx semilogy loglog step errorbar scatter hlines vlines quiver axhline axvline"
        " bar barh hist fill_between axvspan imshow matshow contour contourf pcolormesh"
        " plot_surface plot_wireframe text annotate legend grid set_title set_xlabel set_ylabel"
        " set_xlim set_ylim get_xlim get_ylim"
        " set_xticks set_yticks set_xscale set_yscale set_aspect axis set twinx clabel margins"
        " tick_params invert_yaxis cla clear minorticks_on set_facecolor set_axisbelow autoscale"
        " relim stem fill arrow add_patch add_artist axhspan set_xticklabels set_yticklabels spines"
        " xaxis yaxis zaxis get_xticklabels get_yticklabels"
        " plot3D scatter3D plot_wireframe contour3D hist2d boxplot axline get_xlim get_ylim"
        " set_zlabel set_zlim set_zlim3d set_zticks view_init set_box_aspect set_prop_cycle"
        " invert_xaxis label_outer locator_params ticklabel_format set_xbound set_ybound"
        " set_frame_on set_axis_off set_axis_on set_xmargin set_zorder set_rasterized"
        " pie stackplot stairs pcolor fill_betweenx add_line twiny get_title get_xlabel get_ylabel"
        " get_xscale get_yscale get_xaxis get_yaxis has_data"
        " autoscale_view minorticks_off text2D set_xlim3d set_ylim3d set_zscale bar_label"
        " containers patches lines get_lines get_legend_handles_labels transAxes"
    ),
    "Canvas": these("canvas draw draw_idle flush_events mpl_connect set_window_title"),
    "Looks": these(
        "set_visible set_position set_bounds set_label_text set_major_locator set_minor_locator"
        " set_major_formatter set_minor_formatter set_ticks_position"
        " set_label_position set_ticklabels set_tick_params set_ticks set_inverted"
    ),
    "Drawn": these(
        "set_data set_xdata set_ydata set_offsets set_text set_label set_color set_alpha"
        " set_linewidth set_marker set_markersize to_jshtml to_html5_video"
        # of bars, one by one: numbers of their own
        " get_x get_y get_width get_height get_xy set_facecolor set_edgecolor set_hatch set_zorder"
    ),
    "Figure": these(
        "subplot_mosaic add_gridspec dpi delaxes align_labels "
        "axes add_subplot subplots colorbar suptitle tight_layout savefig set_size_inches"
        " subplots_adjust show legend flat gca add_axes clf set_figwidth set_figheight supxlabel"
        " supylabel get_axes autofmt_xdate set_dpi set_tight_layout set_constrained_layout"
    ),
    "plt": these(
        "plot semilogx semilogy loglog step errorbar scatter hlines vlines quiver axhline axvline"
        " bar barh hist fill_between axvspan imshow matshow contour contourf pcolormesh text"
        " annotate legend grid title xlabel ylabel xlim ylim xticks yticks xscale yscale axis"
        " clabel margins tick_params suptitle figure subplots subplot gca gcf axes sca colorbar"
        " show tight_layout savefig close cla clf ion ioff draw pause rc subplots_adjust style"
        " switch_backend xkcd minorticks_on minorticks_off locator_params ticklabel_format"
        " autoscale box rcdefaults draw_if_interactive clim set_cmap figtext figlegend"
        " waitforbuttonpress set_loglevel get_fignums subplot2grid boxplot hist2d axline bar_label"
        " setp pie stackplot stairs pcolor fill_betweenx twinx twiny subplot_mosaic GridSpec"
        " colormaps rc_context delaxes"
        " autumn bone cool copper gray hot hsv inferno jet magma nipy_spectral pink plasma spring"
        " summer viridis winter"
        " rcParams stem fill arrow axhspan Normalize Rectangle Circle Polygon get_cmap cm"
    ),
    "own graph": these(
        "node edge edges attr subgraph render view pipe unflatten source graph_attr node_attr"
        " edge_attr filename directory comment engine"
    ),
    "rcParams": these("update use context available"),
    "Maps": these("from_list get_cmap"),
}

FURTHER_TAKEN = these(
    "directed strict format name copy clear _into _say _add _whole _show _record _statements"
    " _transcript _is_row _row _cut _side"
).union(
    *(
        ATTRIBUTES[kind]
        for kind in (*words("Axes Canvas Looks Drawn Figure plt rcParams Maps"), "own graph")
    )
)

KEYWORDS = these(
    # of plt
    " radius dx dy closed nbins head_width head_length length_includes_head"
    " facecolors color c linestyle ls linewidth lw marker markersize ms alpha figsize"
    " nrows ncols loc cmap"
    " fontsize fontweight fontname family facecolor edgecolor ec fc hatch align bottom width height"
    " left right top tick_label log bins density cumulative histtype stacked rwidth orientation"
    " xerr yerr capsize fmt ecolor elinewidth where interpolate extent origin aspect interpolation"
    " vmin vmax levels extend antialiased colors shading arrowprops xytext xy textcoords xycoords"
    " bbox ha va horizontalalignment verticalalignment rotation ax cax shrink pad orientation"
    " constrained_layout tight projection polar gridspec_kw subplot_kw sharex sharey hspace"
    " wspace which axis visible title xlabel ylabel xlim ylim xticks yticks xscale yscale labels"
    " ticks bbox_to_anchor frameon framealpha handles bbox_inches transparent num dpi scale_units"
    " angles units scale headwidth headlength drawstyle markeredgecolor markerfacecolor mec mfc mew"
    " markeredgewidth markevery edgecolors linewidths s every_n is_train num_train num_val noise"
    " max_epochs num_gpus"
    " gradient_clip_val num_inputs sigma plot_train_per_epoch plot_valid_per_epoch display fig axes"
    " legend fmts num_examples w b X Y train key value"
    " data_arrays i root ignore style weight size minor labelsize length"
    " rstride cstride zdir inline legend fontdict y1 y2 u v"
    " label linestyles zorder ymin ymax xmin xmax block fmt label_type padding"
)

KEPT_OUT_KEYWORDS = these("")
