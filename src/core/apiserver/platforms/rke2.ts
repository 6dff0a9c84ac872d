import { distribution, keyNotes, oldArguments } from './rancher.ts'

export const RKE2 = distribution({
  name: 'rke2',
  title: 'RKE2',
  repeatsSince: [23, 6],
  guide: (situation, settings) => ({
    takeOut: oldArguments(settings),
    copy: [
      ...keyNotes(situation, settings),
      // podtemplate.ReadFiles in rancher/rke2 mounts what a flag names, if it is there.
      ...(settings.controllerManagerKey === undefined
        ? []
        : [
            'RKE2 mounts each file that a flag names into its pods by itself, if the file is there when rke2-server starts: copy first.',
          ]),
    ],
    restart: [
      'systemctl restart rke2-server, on one server after the other: it writes the static pods anew, and kubelet restarts kube-apiserver and kube-controller-manager.',
      // pkg/executor/staticpod/staticpod.go
      'With a CIS profile RKE2 sets service-account-extend-token-expiration to false: tokens that pods get by default are valid for an hour then, not for a year.',
    ],
    check: [
      '  kubectl -n kube-system get pods -l component=kube-apiserver -o yaml | grep service-account',
    ],
    cannot: [],
  }),
})
