"""`torch.utils.data` of typed code, without processes: data sets, and batches of them.

Batches are drawn as torch draws them: the same seed gives the same order. Torch's own loader starts
processes, pins memory and asks any object for much; what it does in one process is all here.
Raises `ValueError` and `IndexError` where torch does.
"""

from __future__ import annotations

import bisect
import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import numpy
import torch

from viz.tracing.typed.guarded import guarded


@guarded
class Dataset:
    """What a data set of the program's own descends from: it says `__len__` and `__getitem__`."""

    def __getitem__(self, index: Any) -> Any:
        raise NotImplementedError("Subclasses of Dataset should implement __getitem__.")

    def __add__(self, other: Any) -> ConcatDataset:
        return ConcatDataset([self, other])


@guarded
class TensorDataset(Dataset):
    """The rows of tensors that belong together."""

    def __init__(self, *tensors: torch.Tensor) -> None:
        if any(len(each) != len(tensors[0]) for each in tensors):
            raise AssertionError("Size mismatch between tensors")
        self.tensors = tensors

    def __getitem__(self, index: Any) -> Any:
        return tuple(each[index] for each in self.tensors)

    def __len__(self) -> int:
        return len(self.tensors[0])


@guarded
class Subset(Dataset):
    """Some elements of a data set, by their places."""

    def __init__(self, dataset: Any, indices: Any) -> None:
        self.dataset = dataset
        self.indices = indices

    def __getitem__(self, index: Any) -> Any:
        return self.dataset[self.indices[index]]

    def __len__(self) -> int:
        return len(self.indices)


@guarded
class ConcatDataset(Dataset):
    """Data sets one after the other."""

    def __init__(self, datasets: Any) -> None:
        self.datasets = list(datasets)

    def __getitem__(self, index: int) -> Any:
        ends = list(itertools.accumulate(len(each) for each in self.datasets))
        place = index + ends[-1] if index < 0 else index
        which = bisect.bisect_right(ends, place)
        return self.datasets[which][place - (ends[which - 1] if which else 0)]

    def __len__(self) -> int:
        return sum(len(each) for each in self.datasets)


@guarded
class IterableDataset(Dataset):
    """What a data set that is only gone through descends from: it says `__iter__`."""

    def __iter__(self) -> Iterator[Any]:
        raise NotImplementedError("Subclasses of IterableDataset should implement __iter__.")


@guarded
class ChainDataset(IterableDataset):
    """Data sets that are only gone through, one after the other."""

    def __init__(self, datasets: Any) -> None:
        self.datasets = datasets

    def __iter__(self) -> Iterator[Any]:
        for each in self.datasets:
            if not isinstance(each, IterableDataset):
                raise AssertionError("ChainDataset only supports IterableDataset")
            yield from each

    def __len__(self) -> int:
        return sum(len(each) for each in self.datasets)


def random_split(dataset: Any, lengths: Any, generator: Any = None) -> list[Subset]:
    """The data set in parts by chance, of these lengths or these shares of the whole."""
    sizes = list(lengths)
    if math.isclose(sum(sizes), 1) and sum(sizes) <= 1:
        sizes = [math.floor(len(dataset) * share) for share in sizes]
        for place in range(len(dataset) - sum(sizes)):
            sizes[place % len(sizes)] += 1
    if sum(sizes) != len(dataset):
        raise ValueError("Sum of input lengths does not equal the length of the input dataset!")
    drawn = generator or torch.default_generator
    order = iter(torch.randperm(sum(sizes), generator=drawn).tolist())
    return [Subset(dataset, list(itertools.islice(order, size))) for size in sizes]


@guarded
class DataLoader:
    """A data set in batches, in its own order or shuffled."""

    def __init__(
        self,
        dataset: Any,
        batch_size: int | None = 1,
        shuffle: bool | None = None,
        sampler: Any = None,
        batch_sampler: Any = None,
        _num_workers: int = 0,
        collate_fn: Callable[[list[Any]], Any] | None = None,
        _pin_memory: bool = False,
        drop_last: bool = False,
        *,
        generator: Any = None,
        **_elsewhere: Any,
    ) -> None:
        if sampler is not None and shuffle:
            raise ValueError("sampler option is mutually exclusive with shuffle")
        if batch_size is not None and not batch_size > 0:
            raise ValueError("batch_size should be a positive integer value")
        self.dataset = dataset
        self.batch_size = batch_size
        self.drop_last = drop_last
        self.collate_fn = collate_fn or (collated if batch_size is not None else _as_tensors)
        self._chosen = (shuffle, sampler, batch_sampler, generator)

    def __len__(self) -> int:
        _, sampler, batch_sampler, _ = self._chosen
        if batch_sampler is not None:
            return len(batch_sampler)
        count = len(self.dataset if sampler is None else sampler)
        if self.batch_size is None:
            return count
        return count // self.batch_size if self.drop_last else math.ceil(count / self.batch_size)

    def __iter__(self) -> Iterator[Any]:
        generator = self._chosen[3]
        torch.zeros((), dtype=torch.int64).random_(generator=generator)  # the workers' seed
        return self._batches()

    def _batches(self) -> Iterator[Any]:
        batch_sampler = self._chosen[2]
        streamed = isinstance(self.dataset, IterableDataset)
        found: Callable[[Any], Any] = (
            (lambda sample: sample) if streamed else lambda place: self.dataset[place]
        )
        if batch_sampler is None and self.batch_size is None:
            yield from (self.collate_fn(found(place)) for place in self._order())
            return
        for places in self._cut() if batch_sampler is None else batch_sampler:
            yield self.collate_fn([found(place) for place in places])

    def _cut(self) -> Iterator[list[Any]]:
        places = iter(self._order())
        while part := list(itertools.islice(places, self.batch_size)):
            if len(part) == self.batch_size or not self.drop_last:
                yield part

    def _order(self) -> Any:
        shuffle, sampler, _, generator = self._chosen
        if sampler is not None:
            return sampler
        if isinstance(self.dataset, IterableDataset):
            return self.dataset
        if not shuffle:
            return range(len(self.dataset))
        if generator is None:
            seed = int(torch.zeros((), dtype=torch.int64).random_().item())
            generator = torch.Generator()
            generator.manual_seed(seed)
        return _shuffled(len(self.dataset), generator)


def _shuffled(count: int, generator: torch.Generator) -> Iterator[int]:
    yield from torch.randperm(count, generator=generator).tolist()
    torch.randperm(count, generator=generator)  # torch draws once more, for what is left over


def _as_tensors(value: Any) -> Any:
    """One sample as torch gives it where there are no batches."""
    if isinstance(value, tuple | list) and not hasattr(value, "_fields"):
        return [_as_tensors(each) for each in value]
    return torch.as_tensor(value) if isinstance(value, numpy.ndarray) else value


def collated(batch: list[Any]) -> Any:
    """What torch makes of a list of samples: tensors stacked, numbers as a tensor, tuples and dicts
    part by part. Raises `TypeError` for anything else.
    """
    first = batch[0]
    if isinstance(first, torch.Tensor):
        return torch.stack(batch, 0)
    if isinstance(first, numpy.ndarray | numpy.generic):
        return torch.stack([torch.as_tensor(each) for each in batch], 0)
    if isinstance(first, float):
        return torch.tensor(batch, dtype=torch.float64)
    if isinstance(first, int):
        return torch.tensor(batch)
    if isinstance(first, str):
        return batch
    if isinstance(first, dict):
        return {key: collated([each[key] for each in batch]) for key in first}
    if isinstance(first, tuple | list):
        if any(len(each) != len(first) for each in batch):
            raise RuntimeError("each element in list of batch should be of equal size")
        parts = [collated(list(part)) for part in zip(*batch, strict=True)]
        return type(first)(*parts) if hasattr(first, "_fields") else parts
    raise TypeError(
        "default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists;"
        f" found {type(first).__name__}"
    )


_NAMED: Final = {
    "Dataset": Dataset,
    "IterableDataset": IterableDataset,
    "TensorDataset": TensorDataset,
    "Subset": Subset,
    "ConcatDataset": ConcatDataset,
    "ChainDataset": ChainDataset,
    "DataLoader": DataLoader,
    "random_split": random_split,
    "default_collate": collated,
    "get_worker_info": lambda: None,
}
DATA: Final[Mapping[str, Any]] = {
    f"torch.utils.data{part}.{name}": each
    for name, each in _NAMED.items()
    for part in ("", ".dataset", ".dataloader")
}
"""The stand-ins by full name."""
